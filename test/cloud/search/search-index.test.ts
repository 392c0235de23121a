import { expect, test } from 'vitest'
import { FakeClock } from '../fake-context.ts'
import { FakeStore } from '../fake-store.ts'
import { indexed, newFleet } from './fleet.ts'
import type { Fleet } from './fleet.ts'

/** Two lamps and a pump, in groups and with shadows. */
function lamps(fleet: Fleet = indexed()): Fleet {
  const { call, shadow } = fleet
  call('POST', '/thing-types/lamp')
  call('POST', '/thing-groups/hall')
  call('POST', '/billing-groups/rent')
  call('POST', '/things/lamp-1', {
    thingTypeName: 'lamp',
    attributePayload: { attributes: { watts: '60', 'a.b': 'dotted' } },
    billingGroupName: 'rent',
  })
  call('POST', '/things/lamp-2', { thingTypeName: 'lamp', attributePayload: { attributes: { watts: '75' } } })
  call('POST', '/things/pump')
  call('PUT', '/thing-groups/addThingToThingGroup', { thingName: 'lamp-2', thingGroupName: 'hall' })
  shadow('lamp-1', { battery: 20, place: { room: 'attic', 'no.dots': 1 } })
  shadow('pump', { battery: 90, tags: ['new', 'red'] })
  shadow('pump', { volume: 5 }, 'sound')
  return fleet
}

const queries: [string, string[]][] = [
  ['*', ['lamp-1', 'lamp-2', 'pump']],
  ['thingTypeName:lamp', ['lamp-1', 'lamp-2']],
  ['registry.thingTypeName:lamp NOT attributes.watts>70', ['lamp-1']],
  ['thingGroupNames:hall', ['lamp-2']],
  ['thingGroupNames:rent', ['lamp-1']],
  ['attributes.a.b:dotted', ['lamp-1']],
  ['shadow.reported.battery<50', ['lamp-1']],
  ['shadow.reported.place.room:attic', ['lamp-1']],
  ['shadow.reported.place.no.dots:1', ['lamp-1']],
  ['shadow.reported.tags:red', ['pump']],
  ['shadow.hasDelta:false', ['lamp-1', 'pump']],
  ['attic', ['lamp-1']],
  ['shadow.name.sound.reported.volume:5', []],
  ['connectivity.connected:false', ['lamp-1', 'lamp-2', 'pump']],
  ['constructor:*', []],
]

test.each(queries)('%s finds %j', (query, names) => {
  expect(lamps().search(query)).toEqual(names)
})

test('an index that is off is not there, one that is being built is not ready, one that is rebuilt answers as before', () => {
  const fleet = lamps(newFleet())
  const { call, clock } = fleet
  const search = () => call('POST', '/indices/search', { queryString: '*' }).error
  expect([search(), call('GET', '/indices').indexNames]).toEqual(['ResourceNotFoundException', []])
  call('POST', '/indexing/config', { thingIndexingConfiguration: { thingIndexingMode: 'REGISTRY' } })
  expect([search(), call('GET', '/indices/AWS_Things')]).toEqual([
    'IndexNotReadyException',
    { indexName: 'AWS_Things', indexStatus: 'BUILDING', schema: 'REGISTRY' },
  ])
  clock.run(30_000)
  expect([fleet.search('thingName:pump'), fleet.search('shadow.reported.battery:90')]).toEqual([['pump'], []])
  call('POST', '/indexing/config', { thingIndexingConfiguration: { thingIndexingMode: 'REGISTRY_AND_SHADOW' } })
  expect([call('GET', '/indices/AWS_Things').indexStatus, fleet.search('shadow.reported.battery:90')]).toEqual(['REBUILDING', []])
  clock.run(30_000)
  expect([call('GET', '/indices/AWS_Things').indexStatus, fleet.search('shadow.reported.battery:90')]).toEqual(['ACTIVE', ['pump']])
})

test('a document has what the registry, the shadow and the connection say', () => {
  const { call } = lamps()
  const { things } = call('POST', '/indices/search', { queryString: 'thingName:lamp-1' })
  expect(things).toEqual([
    {
      thingName: 'lamp-1',
      thingId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      thingTypeName: 'lamp',
      thingGroupNames: ['rent'],
      attributes: { watts: '60', 'a.b': 'dotted' },
      shadow: expect.any(String),
      connectivity: { connected: false },
    },
  ])
  expect(JSON.parse(things[0].shadow)).toEqual({
    reported: { battery: 20, place: { room: 'attic', 'no.dots': 1 } },
    metadata: { reported: { battery: { timestamp: 1_700_000_060 }, place: expect.any(Object) } },
    hasDelta: false,
    version: 1,
  })
})

test('named shadows are found by the names that were asked for', () => {
  const modes = { thingIndexingMode: 'REGISTRY', namedShadowIndexingMode: 'ON', filter: { namedShadowNames: ['sound'] } }
  const fleet = lamps(indexed(newFleet(), modes))
  expect(fleet.search('shadow.name.sound.reported.volume:5')).toEqual(['pump'])
  expect(fleet.search('shadow.reported.battery:90')).toEqual([])
  expect(fleet.call('GET', '/indices/AWS_Things').schema).toBe('MULTI_INDEXING_MODE')
})

test('pages have at most 100 things', () => {
  const fleet = indexed()
  fleet.world.cloud.registry.addFleet(
    'all',
    Array.from({ length: 150 }, (_, index) => `t-${index}`),
  )
  const first = fleet.call('POST', '/indices/search', { queryString: 'thingName:t-*', maxResults: 500 })
  const rest = fleet.call('POST', '/indices/search', { queryString: 'thingName:t-*', nextToken: first.nextToken })
  expect([first.things.length, rest.things.length, rest.nextToken]).toEqual([100, 50, undefined])
  expect(fleet.call('POST', '/indices/search', { queryString: '*', maxResults: 0 }).error).toBe('InvalidRequestException')
})

test('thing groups have an index of their own', () => {
  const { call, clock, search } = lamps(newFleet())
  call('POST', '/thing-groups/desk', {
    parentGroupName: 'hall',
    thingGroupProperties: { thingGroupDescription: 'oak', attributePayload: { attributes: { legs: '4' } } },
  })
  call('POST', '/indexing/config', { thingGroupIndexingConfiguration: { thingGroupIndexingMode: 'ON' } })
  clock.run(30_000)
  const inGroups = { indexName: 'AWS_ThingGroups' }
  expect([search('parentGroupNames:hall', inGroups), search('attributes.legs:[3 TO 5]', inGroups), search('oak', inGroups)]).toEqual([
    ['desk'],
    ['desk'],
    ['desk'],
  ])
})

test('the configuration says what is indexed, and outlives the process', () => {
  const [store, clock] = [new FakeStore(), new FakeClock()]
  const before = indexed(newFleet(store, clock)).call('GET', '/indexing/config')
  expect(before.thingIndexingConfiguration).toMatchObject({ thingIndexingMode: 'REGISTRY_AND_SHADOW', thingConnectivityIndexingMode: 'STATUS' })
  expect(before.thingIndexingConfiguration.managedFields).toContainEqual({ name: 'connectivity.connected', type: 'Boolean' })
  expect(before.thingGroupIndexingConfiguration).toEqual({ thingGroupIndexingMode: 'OFF' })
  const { call, search } = newFleet(store, clock)
  expect([call('GET', '/indexing/config'), search('*')]).toEqual([before, []])
})

const refused: [string, object][] = [
  ['connectivity without things', { thingIndexingConfiguration: { thingIndexingMode: 'OFF', thingConnectivityIndexingMode: 'STATUS' } }],
  ['names of shadows that are not indexed', { thingIndexingConfiguration: { thingIndexingMode: 'REGISTRY', filter: { namedShadowNames: ['a'] } } }],
  [
    'a field of the shadow without the shadow',
    { thingIndexingConfiguration: { thingIndexingMode: 'REGISTRY', customFields: [{ name: 'shadow.reported.a', type: 'Number' }] } },
  ],
  ['an unknown mode', { thingIndexingConfiguration: { thingIndexingMode: 'ALL' } }],
]

test.each(refused)('%s cannot be configured', (_, body) => {
  expect(newFleet().call('POST', '/indexing/config', body).error).toBe('InvalidRequestException')
})
