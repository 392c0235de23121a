import { expect, test } from 'vitest'
import { newWorld } from '../http/world.ts'
import type { World } from '../http/world.ts'

interface Listened {
  readonly world: World
  readonly call: (method: string, url: string, body?: object) => number
  /** What was published since the last time: topics after `$aws/events/`, and payloads. */
  readonly take: () => [topic: string, payload: any][]
}

/** A cloud whose events of these types are on and heard. */
function listened(...types: string[]): Listened {
  const world = newWorld()
  const heard: [string, any][] = []
  world.cloud.bus.attach({
    wanted: (topic) => topic.startsWith('$aws/events/'),
    publish: (topic, payload) => void heard.push([topic.replace('$aws/events/', ''), JSON.parse(String(payload))]),
  })
  const call: Listened['call'] = (method, url, body = {}) => world.send('iot', method, url, { body }).status
  call('PATCH', '/event-configurations', { eventConfigurations: Object.fromEntries(types.map((type) => [type, { Enabled: true }])) })
  return { world, call, take: () => heard.splice(0) }
}

const NOW_MS = Date.UTC(2026, 0, 1)
const id = expect.stringMatching(/^[0-9a-f-]{36}$/)

test('nothing is told until it is switched on', () => {
  const { call, take } = listened()
  call('POST', '/things/t')
  call('POST', '/thing-groups/g')
  call('PUT', '/thing-groups/addThingToThingGroup', { thingName: 't', thingGroupName: 'g' })
  expect(take()).toEqual([])
})

test('things: created, updated, deleted, with their version and attributes', () => {
  const { call, take } = listened('THING')
  call('POST', '/things/t')
  call('POST', '/things/t')
  call('PATCH', '/things/t', { attributePayload: { attributes: { a: '1' } } })
  call('DELETE', '/things/t')
  const common = {
    eventType: 'THING_EVENT',
    eventId: id,
    timestamp: NOW_MS,
    accountId: '123456789012',
    thingId: id,
    thingName: 't',
    thingTypeName: null,
  }
  const told = take()
  expect(told).toEqual([
    ['thing/t/created', { ...common, operation: 'CREATED', versionNumber: 1, attributes: {} }],
    ['thing/t/updated', { ...common, operation: 'UPDATED', versionNumber: 2, attributes: { a: '1' } }],
    ['thing/t/deleted', { ...common, operation: 'DELETED', versionNumber: 2, attributes: { a: '1' } }],
  ])
  expect(Object.keys(told[0]![1])).toEqual([
    'eventType',
    'eventId',
    'timestamp',
    'operation',
    'accountId',
    'thingId',
    'thingName',
    'versionNumber',
    'thingTypeName',
    'attributes',
  ])
})

test('thing types: a deprecation is an update; things get and lose a type', () => {
  const { call, take, world } = listened('THING_TYPE', 'THING_TYPE_ASSOCIATION')
  call('POST', '/thing-types/lamp', { thingTypeProperties: { thingTypeDescription: 'shines', searchableAttributes: ['watts'] } })
  call('POST', '/things/t', { thingTypeName: 'lamp' })
  call('PATCH', '/things/t', { removeThingType: true })
  call('POST', '/thing-types/lamp/deprecate')
  world.pass(300_000)
  call('DELETE', '/thing-types/lamp')
  const told = take()
  expect(told.map(([topic, { operation, isDeprecated }]) => [topic, operation, isDeprecated])).toEqual([
    ['thingType/lamp/created', 'CREATED', false],
    ['thingTypeAssociation/thing/t/thingType/lamp/added', 'ADDED', undefined],
    ['thingTypeAssociation/thing/t/thingType/lamp/removed', 'REMOVED', undefined],
    ['thingType/lamp/updated', 'UPDATED', true],
    ['thingType/lamp/deleted', 'DELETED', true],
  ])
  expect(told[3]![1]).toEqual({
    eventType: 'THING_TYPE_EVENT',
    eventId: id,
    timestamp: NOW_MS,
    operation: 'UPDATED',
    accountId: '123456789012',
    thingTypeId: id,
    thingTypeName: 'lamp',
    isDeprecated: true,
    deprecationDate: NOW_MS,
    searchableAttributes: ['watts'],
    description: 'shines',
  })
  expect(told[1]![1]).toMatchObject({ eventType: 'THING_TYPE_ASSOCIATION_EVENT', thingName: 't', thingTypeName: 'lamp', thingId: id })
})

test('thing groups: with their ancestors from the parent up, and their hierarchy', () => {
  const { call, take } = listened('THING_GROUP', 'THING_GROUP_HIERARCHY')
  call('POST', '/thing-groups/plant')
  call('POST', '/thing-groups/child', { parentGroupName: 'plant', thingGroupProperties: { thingGroupDescription: 'small' } })
  call('PATCH', '/thing-groups/child', { thingGroupProperties: { attributePayload: { attributes: { a: '1' } } } })
  call('DELETE', '/thing-groups/child')
  const told = take()
  expect(told.map(([topic]) => topic)).toEqual([
    'thingGroup/plant/created',
    'thingGroup/child/created',
    'thingGroupHierarchy/thingGroup/plant/childThingGroup/child/added',
    'thingGroup/child/updated',
    'thingGroupHierarchy/thingGroup/plant/childThingGroup/child/removed',
    'thingGroup/child/deleted',
  ])
  expect(told[3]![1]).toEqual({
    eventType: 'THING_GROUP_EVENT',
    eventId: id,
    timestamp: NOW_MS,
    operation: 'UPDATED',
    accountId: '123456789012',
    thingGroupId: id,
    thingGroupName: 'child',
    versionNumber: 2,
    parentGroupName: 'plant',
    parentGroupId: told[0]![1].thingGroupId,
    description: 'small',
    rootToParentThingGroups: [{ groupName: 'plant', groupArn: 'arn:aws:iot:us-east-1:123456789012:thinggroup/plant' }],
    attributes: { a: '1' },
  })
  expect(told[2]![1]).toMatchObject({
    eventType: 'THING_GROUP_HIERARCHY_EVENT',
    operation: 'ADDED',
    thingGroupName: 'plant',
    childGroupName: 'child',
  })
})

test('membership: one id for a thing in a group, whoever ends it', () => {
  const { call, take } = listened('THING_GROUP_MEMBERSHIP')
  const member = { thingName: 't', thingGroupName: 'g' }
  call('POST', '/thing-groups/g')
  call('POST', '/things/t')
  call('PUT', '/thing-groups/addThingToThingGroup', member)
  call('PUT', '/thing-groups/addThingToThingGroup', member)
  call('PUT', '/thing-groups/removeThingFromThingGroup', member)
  call('PUT', '/thing-groups/addThingToThingGroup', member)
  call('DELETE', '/things/t')
  const told = take()
  expect(told.map(([topic]) => topic.split('/').at(-1))).toEqual(['added', 'removed', 'added', 'removed'])
  expect(told[0]).toEqual([
    'thingGroupMembership/thingGroup/g/thing/t/added',
    {
      eventType: 'THING_GROUP_MEMBERSHIP_EVENT',
      eventId: id,
      timestamp: NOW_MS,
      operation: 'ADDED',
      accountId: '123456789012',
      groupArn: 'arn:aws:iot:us-east-1:123456789012:thinggroup/g',
      groupId: id,
      thingArn: 'arn:aws:iot:us-east-1:123456789012:thing/t',
      thingId: id,
      membershipId: told[3]![1].membershipId,
    },
  ])
})
