import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('DescribeThingType', ({ behaviour }) => {
  behaviour('properties and dates', { source: '§3.5 [M]' }, async (target) => {
    const { iot } = target
    const thingTypeName = target.name('type')
    const thingTypeProperties = { thingTypeDescription: 'measures', searchableAttributes: ['room'] }
    await iot.createThingType({ thingTypeName, thingTypeProperties })
    expect(await iot.describeThingType({ thingTypeName })).toMatchObject({
      thingTypeName,
      thingTypeProperties,
      thingTypeMetadata: { deprecated: false, creationDate: expect.any(Date) },
    })
    await iot.deprecateThingType({ thingTypeName })
  })

  behaviour('a type that does not exist is not found', { source: '§3.2 [M]' }, async (target) => {
    const { iot } = target
    await expect(iot.describeThingType({ thingTypeName: target.name('type') })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
