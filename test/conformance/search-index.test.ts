import { expect } from 'vitest'
import { indexed } from './indexed.ts'
import { conformance } from './target.ts'

conformance('SearchIndex', ({ behaviour }) => {
  behaviour('there is nothing to search while indexing is off', { source: '§3.2 [M]', embeddedOnly: true }, async ({ iot }) => {
    await expect(iot.searchIndex({ queryString: '*' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  behaviour(
    'an index that is being built is not ready',
    { source: '§3.2 [M], guide: managing thing indexing [G]', embeddedOnly: true },
    async ({ iot }) => {
      await iot.updateIndexingConfiguration({ thingIndexingConfiguration: { thingIndexingMode: 'REGISTRY' } })
      await expect(iot.searchIndex({ queryString: '*' })).rejects.toMatchObject({
        name: 'IndexNotReadyException',
        $metadata: { httpStatusCode: 400 },
      })
    },
  )

  behaviour(
    'things are found by attribute, range, wildcard, group and words of boolean logic',
    { source: 'guide: example thing queries [G]', embeddedOnly: true },
    async (target) => {
      await indexed(target)
      const one = await target.thing({ watts: '60', model: 'mk1' })
      const two = await target.thing({ watts: '75', model: 'mk2' })
      const group = await target.group([two.name])
      const found = async (queryString: string) => (await target.iot.searchIndex({ queryString })).things!.map(({ thingName }) => thingName)
      expect(await found('attributes.watts:[61 TO 80]')).toEqual([two.name])
      expect(await found('attributes.watts<61')).toEqual([one.name])
      expect(await found('attributes.model:mk* NOT attributes.watts>70')).toEqual([one.name])
      expect(await found(`thingGroupNames:${group.name}`)).toEqual([two.name])
      expect(await found(`thingName:(${one.name} OR ${two.name}) AND attributes.model:MK2`)).toEqual([two.name])
    },
  )

  behaviour(
    'the shadow and the connection are found, and are in the answer',
    { source: 'guide: example thing queries [G]', embeddedOnly: true },
    async (target) => {
      await indexed(target)
      const { name: thingName } = await target.thing()
      await target.data.updateThingShadow({ thingName, payload: Buffer.from('{"state":{"reported":{"stats":{"battery":78}}}}') })
      const device = await target.device({ clientId: thingName })
      const { things } = await target.iot.searchIndex({ queryString: 'shadow.reported.stats.battery:{70 TO 100} connectivity.connected:true' })
      expect(things).toMatchObject([{ thingName, connectivity: { connected: true, timestamp: expect.any(Number) } }])
      expect(JSON.parse(things![0]!.shadow!)).toMatchObject({ reported: { stats: { battery: 78 } }, hasDelta: false, version: 1 })
      await device.end()
    },
  )

  behaviour('a query that cannot be read is refused', { source: '§3.2 [M]', embeddedOnly: true }, async (target) => {
    await indexed(target)
    for (const queryString of ['thingName:', '(a', 'a AND', 'attributes.x:[1 TO 2']) {
      await expect(target.iot.searchIndex({ queryString })).rejects.toMatchObject({
        name: 'InvalidQueryException',
        $metadata: { httpStatusCode: 400 },
      })
    }
  })

  behaviour('the token goes in the body', { source: '§3.3 [M]', embeddedOnly: true }, async (target) => {
    await indexed(target)
    for (let n = 0; n < 3; n++) await target.thing({ paged: 'yes' })
    const query = { queryString: 'attributes.paged:yes', maxResults: 2 }
    const first = await target.iot.searchIndex(query)
    const second = await target.iot.searchIndex({ ...query, nextToken: first.nextToken! })
    expect([first.things!.length, second.things!.length, second.nextToken]).toEqual([2, 1, undefined])
  })
})
