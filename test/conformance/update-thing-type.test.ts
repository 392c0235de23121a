import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('UpdateThingType', ({ behaviour }) => {
  behaviour('properties that are given are replaced', { source: 'appendix A [M]' }, async (target) => {
    const { iot } = target
    const thingTypeName = target.name('type')
    await iot.createThingType({ thingTypeName, thingTypeProperties: { searchableAttributes: ['a'] } })
    await iot.updateThingType({ thingTypeName, thingTypeProperties: { searchableAttributes: ['b'] } })
    expect((await iot.describeThingType({ thingTypeName })).thingTypeProperties!.searchableAttributes).toEqual(['b'])
    await iot.deprecateThingType({ thingTypeName })
  })
})
