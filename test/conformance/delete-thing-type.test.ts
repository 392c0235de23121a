import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('DeleteThingType', ({ behaviour }) => {
  behaviour('only a type that was deprecated five minutes ago is deleted', { source: '§3.5 [G]', embeddedOnly: true }, async (target) => {
    const { iot } = target
    const thingTypeName = target.name('type')
    await iot.createThingType({ thingTypeName })
    const remove = () => iot.deleteThingType({ thingTypeName })
    await expect(remove()).rejects.toMatchObject({ name: 'InvalidRequestException' })
    await iot.deprecateThingType({ thingTypeName })
    await expect(remove()).rejects.toMatchObject({ name: 'InvalidRequestException' })
    await target.pass(300)
    await remove()
    await expect(remove()).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  behaviour('a type that a thing has is not deleted', { source: '§3.5 [G]', embeddedOnly: true }, async (target) => {
    const thingTypeName = target.name('type')
    await target.iot.createThingType({ thingTypeName })
    await target.iot.createThing({ thingName: target.name('thing'), thingTypeName })
    await target.iot.deprecateThingType({ thingTypeName })
    await target.pass(300)
    await expect(target.iot.deleteThingType({ thingTypeName })).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })
})
