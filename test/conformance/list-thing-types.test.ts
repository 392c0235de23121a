import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('ListThingTypes', ({ behaviour }) => {
  behaviour('one type by name', { source: '§3.5 [M]' }, async (target) => {
    const { iot } = target
    const thingTypeName = target.name('type')
    const { thingTypeArn } = await iot.createThingType({ thingTypeName })
    expect((await iot.listThingTypes({ thingTypeName })).thingTypes).toMatchObject([
      { thingTypeName, thingTypeArn, thingTypeMetadata: { deprecated: false } },
    ])
    await iot.deprecateThingType({ thingTypeName })
  })
})
