import { expect, test } from 'vitest'
import type { RegistryChange } from '../../../src/cloud/context.ts'
import { MemoryDoor } from '../../../src/cloud/mqtt/memory-door.ts'
import { FakeClock } from '../fake-context.ts'
import { FakeStore } from '../fake-store.ts'
import { indexed, newFleet } from './fleet.ts'
import type { Fleet } from './fleet.ts'

const attributes = (watts: string) => ({ attributePayload: { attributes: { watts } } })
const create = ({ call }: Fleet, name: string, queryString: string) => call('POST', `/dynamic-thing-groups/${name}`, { queryString })
const status = ({ call }: Fleet, name: string) => call('GET', `/thing-groups/${name}`).status

/** A client that does nothing. */
const SILENT = { onConnected() {}, onSubscribed() {}, onPublished() {}, onMessage() {}, onClosed() {} }

/** A group of things above 60 watts that is built, with `hot` in it and `cold` not. */
function bright(fleet = indexed()): Fleet {
  fleet.call('POST', '/things/hot', attributes('75'))
  fleet.call('POST', '/things/cold', attributes('40'))
  create(fleet, 'bright', 'attributes.watts>60')
  fleet.clock.run(5000)
  return fleet
}

test('a group is BUILDING, then ACTIVE with what its query finds', () => {
  const fleet = indexed()
  fleet.call('POST', '/things/hot', attributes('75'))
  expect(create(fleet, 'bright', 'attributes.watts>60')).toEqual({
    thingGroupName: 'bright',
    thingGroupArn: 'arn:aws:iot:us-east-1:123456789012:thinggroup/bright',
    thingGroupId: expect.any(String),
    indexName: 'AWS_Things',
    queryString: 'attributes.watts>60',
    queryVersion: '2017-09-30',
  })
  expect([status(fleet, 'bright'), fleet.members('bright')]).toEqual(['BUILDING', []])
  fleet.clock.run(5000)
  expect([status(fleet, 'bright'), fleet.members('bright')]).toEqual(['ACTIVE', ['hot']])
})

test('members follow attributes, and jobs hear of it', () => {
  const fleet = bright()
  const heard: RegistryChange[] = []
  fleet.world.cloud.registry.onChange((change) => heard.push(change))
  fleet.call('PATCH', '/things/cold', attributes('100'))
  fleet.call('PATCH', '/things/hot', attributes('10'))
  fleet.call('POST', '/things/new', attributes('61'))
  expect(fleet.members('bright')).toEqual(['hot'])
  fleet.clock.run(1000)
  expect(fleet.members('bright')).toEqual(['cold', 'new'])
  expect(heard).toEqual([
    { type: 'joined', thing: 'cold', group: 'bright' },
    { type: 'left', thing: 'hot', group: 'bright' },
    { type: 'joined', thing: 'new', group: 'bright' },
  ])
  fleet.call('DELETE', '/things/new')
  expect(fleet.members('bright')).toEqual(['cold'])
})

test('members follow shadows, static groups and connections', () => {
  const fleet = indexed()
  for (const thing of ['a', 'b', 'c']) fleet.call('POST', `/things/${thing}`)
  fleet.call('POST', '/thing-groups/hall')
  create(fleet, 'charged', 'shadow.reported.battery:[80 TO 100]')
  create(fleet, 'here', 'thingGroupNames:hall')
  create(fleet, 'online', 'connectivity.connected:true')
  fleet.clock.run(5000)
  fleet.shadow('a', { battery: 90 })
  fleet.call('PUT', '/thing-groups/addThingToThingGroup', { thingName: 'b', thingGroupName: 'hall' })
  const door = new MemoryDoor(fleet.world.cloud)
  const connection = door.connect({ clientId: 'c', clean: true, keepAliveSeconds: 60 }, SILENT)
  fleet.clock.run(1000)
  expect(['charged', 'here', 'online'].map((group) => fleet.members(group))).toEqual([['a'], ['b'], ['c']])
  fleet.shadow('a', { battery: 10 })
  fleet.call('PUT', '/thing-groups/removeThingFromThingGroup', { thingName: 'b', thingGroupName: 'hall' })
  connection.disconnect()
  fleet.clock.run(1000)
  expect(['charged', 'here', 'online'].map((group) => fleet.members(group))).toEqual([[], [], []])
})

test('another query rebuilds the group; a version that is not the current one is refused', () => {
  const fleet = bright()
  const update = (body: object) => fleet.call('PATCH', '/dynamic-thing-groups/bright', { thingGroupProperties: {}, ...body })
  expect(update({ queryString: 'attributes.watts<60', expectedVersion: 1 })).toEqual({ version: 2 })
  expect([status(fleet, 'bright'), fleet.members('bright')]).toEqual(['REBUILDING', ['hot']])
  fleet.clock.run(5000)
  expect([status(fleet, 'bright'), fleet.members('bright')]).toEqual(['ACTIVE', ['cold']])
  expect(update({ expectedVersion: 1 }).error).toBe('VersionConflictException')
  expect(update({ queryString: 'attributes.watts:(' }).error).toBe('InvalidQueryException')
})

test('what is for static groups is refused for dynamic ones, and the other way round', () => {
  const { call } = bright()
  call('POST', '/thing-groups/hall')
  const member = { thingName: 'cold', thingGroupName: 'bright' }
  const answers = [
    call('PUT', '/thing-groups/addThingToThingGroup', member),
    call('PUT', '/thing-groups/removeThingFromThingGroup', member),
    call('PUT', '/thing-groups/updateThingGroupsForThing', { thingName: 'cold', thingGroupsToAdd: ['bright'] }),
    call('PATCH', '/thing-groups/bright', { thingGroupProperties: {} }),
    call('DELETE', '/thing-groups/bright'),
    call('POST', '/thing-groups/child', { parentGroupName: 'bright' }),
    call('PATCH', '/dynamic-thing-groups/hall', { thingGroupProperties: {}, queryString: '*' }),
    call('DELETE', '/dynamic-thing-groups/hall'),
  ]
  expect(answers.map(({ error }) => error)).toEqual(answers.map(() => 'InvalidRequestException'))
})

test('a group needs an index that is built, and a query that can be read', () => {
  const fleet = newFleet()
  expect(create(fleet, 'g', '*').error).toBe('ResourceNotFoundException')
  fleet.call('POST', '/indexing/config', { thingIndexingConfiguration: { thingIndexingMode: 'REGISTRY' } })
  expect(create(fleet, 'g', '*').error).toBe('InvalidRequestException')
  fleet.clock.run(30_000)
  expect(create(fleet, 'g', 'a:').error).toBe('InvalidQueryException')
  expect(create(fleet, 'g', '*').error).toBeUndefined()
  expect(create(fleet, 'g', '*').error).toBeUndefined()
  expect(create(fleet, 'g', 'a').error).toBe('ResourceAlreadyExistsException')
  const off = { thingIndexingConfiguration: { thingIndexingMode: 'OFF' } }
  expect(fleet.call('POST', '/indexing/config', off).error).toBe('InvalidRequestException')
  fleet.call('DELETE', '/dynamic-thing-groups/g')
  expect(fleet.call('POST', '/indexing/config', off).error).toBeUndefined()
})

test('an account has 100 dynamic groups', () => {
  const fleet = indexed()
  const errors = Array.from({ length: 101 }, (_, index) => create(fleet, `g-${index}`, `attributes.n:${index}`).error)
  expect(errors.filter(Boolean)).toEqual(['LimitExceededException'])
})

test('a thing in ten groups leaves the newest dynamic one for an older, or for a static one that overrides', () => {
  const fleet = indexed()
  const { call, world, clock } = fleet
  call('POST', '/things/t', attributes('1'))
  for (let n = 0; n < 8; n++) {
    call('POST', `/thing-groups/s-${n}`)
    call('PUT', '/thing-groups/addThingToThingGroup', { thingName: 't', thingGroupName: `s-${n}` })
  }
  create(fleet, 'first', 'attributes.watts>5')
  create(fleet, 'second', 'thingName:t')
  create(fleet, 'third', 'thingName:t')
  create(fleet, 'fourth', 'thingName:t')
  clock.run(5000)
  const dynamic = () => world.cloud.registry.groupsOf('t').flatMap(({ name, isDynamic }) => (isDynamic ? [name] : []))
  expect(dynamic()).toEqual(['second', 'third'])
  call('PATCH', '/things/t', attributes('9'))
  clock.run(1000)
  expect(dynamic()).toEqual(['first', 'second'])
  call('POST', '/thing-groups/s-8')
  const member = { thingName: 't', thingGroupName: 's-8' }
  expect(call('PUT', '/thing-groups/addThingToThingGroup', member).error).toBe('InvalidRequestException')
  expect(call('PUT', '/thing-groups/addThingToThingGroup', { ...member, overrideDynamicGroups: true }).error).toBeUndefined()
  expect(dynamic()).toEqual(['first'])
})

test('a restart keeps groups and members, finishes what was being built, and goes on following', () => {
  const [store, clock] = [new FakeStore(), new FakeClock()]
  const before = bright(indexed(newFleet(store, clock)))
  create(before, 'dim', 'attributes.watts<60')
  const described = before.call('GET', '/thing-groups/bright')
  const fleet = newFleet(store, clock)
  expect([fleet.call('GET', '/thing-groups/bright'), fleet.members('bright'), status(fleet, 'dim')]).toEqual([described, ['hot'], 'BUILDING'])
  clock.run(5000)
  expect([status(fleet, 'dim'), fleet.members('dim')]).toEqual(['ACTIVE', ['cold']])
  fleet.call('PATCH', '/things/cold', attributes('99'))
  clock.run(1000)
  expect([fleet.members('bright'), fleet.members('dim')]).toEqual([['cold', 'hot'].toSorted(), []].map((names) => expect.arrayContaining(names)))
})

test('without dynamic groups nothing waits on the clock', () => {
  const fleet = indexed()
  const before = fleet.clock.wakes
  fleet.call('POST', '/things/t', attributes('1'))
  fleet.shadow('t', { a: 1 })
  fleet.clock.run(60_000)
  expect(fleet.clock.wakes).toBe(before)
})
