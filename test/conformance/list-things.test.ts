import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('ListThings', ({ behaviour }) => {
  behaviour('things are found by attribute, by prefix of its value, and by type', { source: '§3.5 [M]' }, async (target) => {
    const { iot } = target
    const attributeName = target.name('a')
    const one = await target.thing({ [attributeName]: '12' })
    const other = await target.thing({ [attributeName]: '13' })
    const names = async (query: object) => ((await iot.listThings({ attributeName, ...query })).things ?? []).map(({ thingName }) => thingName)
    expect(await names({ attributeValue: '12' })).toEqual([one.name])
    expect(new Set(await names({ attributeValue: '1', usePrefixAttributeValue: true }))).toEqual(new Set([one.name, other.name]))
    const thingTypeName = target.name('type')
    await iot.createThingType({ thingTypeName })
    await iot.updateThing({ thingName: other.name, thingTypeName })
    expect((await iot.listThings({ thingTypeName })).things).toMatchObject([
      { thingName: other.name, thingTypeName, thingArn: other.arn, version: 2 },
    ])
    await iot.deprecateThingType({ thingTypeName })
  })

  behaviour('pages hold what was asked for, and the last one has no token', { source: '§3.3 [M]' }, async (target) => {
    const attributeName = target.name('p')
    for (let n = 0; n < 3; n++) await target.thing({ [attributeName]: 'x' })
    const query = { attributeName, attributeValue: 'x', maxResults: 2 }
    const first = await target.iot.listThings(query)
    const second = await target.iot.listThings({ ...query, nextToken: first.nextToken! })
    expect([first.things!.length, second.things!.length, second.nextToken]).toEqual([2, 1, undefined])
  })

  behaviour('a page of 251 and a token that was never given are refused', { source: '§3.3 [M][I]' }, async ({ iot }) => {
    await expect(iot.listThings({ maxResults: 251 })).rejects.toMatchObject({ name: 'InvalidRequestException' })
    await expect(iot.listThings({ nextToken: 'nobody' })).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })
})
