import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('DeprecateThingType', ({ behaviour }) => {
  behaviour('new things cannot have a deprecated type, until that is undone', { source: '§3.5 [G]' }, async (target) => {
    const { iot } = target
    const thingTypeName = target.name('type')
    await iot.createThingType({ thingTypeName })
    await iot.deprecateThingType({ thingTypeName })
    expect((await iot.describeThingType({ thingTypeName })).thingTypeMetadata).toMatchObject({ deprecated: true, deprecationDate: expect.any(Date) })
    await expect(iot.createThing({ thingName: target.name('thing'), thingTypeName })).rejects.toMatchObject({ name: 'InvalidRequestException' })
    await iot.deprecateThingType({ thingTypeName, undoDeprecate: true })
    expect((await iot.createThing({ thingName: target.name('thing'), thingTypeName })).thingId).toBeDefined()
  })
})
