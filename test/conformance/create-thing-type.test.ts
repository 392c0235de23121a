import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('CreateThingType', ({ behaviour }) => {
  behaviour('answers the name, the ARN and an id, the same again for the same type', { source: '§3.5 [M]' }, async (target) => {
    const { iot, region, account } = target
    const request = { thingTypeName: target.name('type'), thingTypeProperties: { searchableAttributes: ['watts'] } }
    const created = await iot.createThingType(request)
    expect(created.thingTypeArn).toBe(`arn:aws:iot:${region}:${account}:thingtype/${request.thingTypeName}`)
    expect((await iot.createThingType(request)).thingTypeId).toBe(created.thingTypeId)
    await expect(iot.createThingType({ thingTypeName: request.thingTypeName })).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' })
    await iot.deprecateThingType({ thingTypeName: request.thingTypeName })
  })

  behaviour('with a type a thing has up to 50 attributes', { source: '§3.5 [G]' }, async (target) => {
    const { iot } = target
    const thingTypeName = target.name('type')
    await iot.createThingType({ thingTypeName })
    const attributes = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, '1']))
    const create = (count: number) =>
      iot.createThing({ thingName: target.name('thing'), thingTypeName, attributePayload: { attributes: attributes(count) } })
    expect((await create(50)).thingId).toBeDefined()
    await expect(create(51)).rejects.toMatchObject({ name: 'InvalidRequestException' })
    await iot.deprecateThingType({ thingTypeName })
  })
})
