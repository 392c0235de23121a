import { expect, test } from 'vitest'
import type { RegistryChange } from '../../../src/cloud/context.ts'
import { json, newWorld } from '../http/world.ts'
import type { World } from '../http/world.ts'

const group = (world: World, name: string, body: object = {}) => world.send('iot', 'POST', `/thing-groups/${name}`, { body })
const thing = (world: World, name: string) => world.send('iot', 'POST', `/things/${name}`)
const join = (world: World, thingName: string, thingGroupName: string) =>
  world.send('iot', 'PUT', '/thing-groups/addThingToThingGroup', { body: { thingName, thingGroupName } })
const leave = (world: World, thingName: string, thingGroupName: string) =>
  world.send('iot', 'PUT', '/thing-groups/removeThingFromThingGroup', { body: { thingName, thingGroupName } })
const errorOf = (response: ReturnType<typeof group>) => response.headers['x-amzn-ErrorType']

/** plant → hall → cell; office beside it; t1 in hall, t2 in cell. */
function plant(): World {
  const world = newWorld()
  group(world, 'plant')
  group(world, 'hall', { parentGroupName: 'plant' })
  group(world, 'cell', { parentGroupName: 'hall' })
  group(world, 'office')
  for (const name of ['t1', 't2', 't3']) thing(world, name)
  join(world, 't1', 'hall')
  join(world, 't2', 'cell')
  return world
}

test('a group reaches the things of the groups below it', () => {
  const { registry } = plant().cloud
  expect([...registry.thingsIn('plant')]).toEqual(['t1', 't2'])
  expect([...registry.thingsIn('cell')]).toEqual(['t2'])
  expect([registry.isMember('t2', 'plant'), registry.isMember('t1', 'cell'), registry.isMember('t1', 'nothing')]).toEqual([true, false, false])
})

test('members are listed with or without those of child groups, page by page', () => {
  const world = plant()
  const list = (query: string) => json(world.send('iot', 'GET', `/thing-groups/hall/things?${query}`))
  expect(list('')).toEqual({ things: ['t1'] })
  const page = list('recursive=true&maxResults=1')
  expect(page['things']).toEqual(['t1'])
  expect(list(`recursive=true&maxResults=1&nextToken=${encodeURIComponent(page['nextToken'] as string)}`)).toEqual({ things: ['t2'] })
  join(world, 't3', 'hall')
  expect(list('')).toEqual({ things: ['t1', 't3'] })
  thing(world, 't4')
  join(world, 't4', 'hall')
  expect(list('')).toEqual({ things: ['t1', 't3', 't4'] })
  leave(world, 't1', 'hall')
  expect(list('')).toEqual({ things: ['t3', 't4'] })
  world.send('iot', 'DELETE', '/things/t3')
  expect(list('')).toEqual({ things: ['t4'] })
})

test('a description has the way from the root, and the date as seconds', () => {
  const described = json(plant().send('iot', 'GET', '/thing-groups/cell'))
  expect(described).toMatchObject({
    thingGroupArn: 'arn:aws:iot:us-east-1:123456789012:thinggroup/cell',
    version: 1,
    thingGroupMetadata: {
      parentGroupName: 'hall',
      rootToParentThingGroups: [{ groupName: 'plant' }, { groupName: 'hall' }],
      creationDate: 1_767_225_600,
    },
  })
})

const listings: [string, string[]][] = [
  ['', ['plant', 'hall', 'cell', 'office']],
  ['?recursive=false', ['plant', 'office']],
  ['?parentGroup=plant', ['hall']],
  ['?parentGroup=plant&recursive=true', ['hall', 'cell']],
  ['?namePrefixFilter=o', ['office']],
]

test.each(listings)('ListThingGroups%s', (query, names) => {
  const { thingGroups } = json(plant().send('iot', 'GET', `/thing-groups${query}`)) as { thingGroups: { groupName: string }[] }
  expect(thingGroups.map(({ groupName }) => groupName)).toEqual(names)
})

test('joining and leaving twice is fine, by name or by ARN', () => {
  const world = plant()
  const arn = (kind: string, name: string) => `arn:aws:iot:eu-west-1:123456789012:${kind}/${name}`
  const body = { thingArn: arn('thing', 't3'), thingGroupArn: arn('thinggroup', 'office') }
  expect(world.send('iot', 'PUT', '/thing-groups/addThingToThingGroup', { body }).status).toBe(200)
  expect(join(world, 't3', 'office').status).toBe(200)
  expect(json(world.send('iot', 'GET', '/things/t3/thing-groups'))).toEqual({
    thingGroups: [{ groupName: 'office', groupArn: 'arn:aws:iot:us-east-1:123456789012:thinggroup/office' }],
  })
  expect(leave(world, 't3', 'office').status).toBe(200)
  expect(leave(world, 't3', 'office').status).toBe(200)
})

const refusals: [string, (world: World) => ReturnType<typeof group>, string][] = [
  ['a thing in two groups of one hierarchy', (world) => join(world, 't1', 'cell'), 'InvalidRequestException'],
  ['an unknown thing', (world) => join(world, 'nobody', 'hall'), 'ResourceNotFoundException'],
  ['an unknown group', (world) => join(world, 't1', 'nowhere'), 'ResourceNotFoundException'],
  [
    'a membership without a group',
    (world) => world.send('iot', 'PUT', '/thing-groups/addThingToThingGroup', { body: { thingName: 't1' } }),
    'InvalidRequestException',
  ],
  ['deleting a group with children', (world) => world.send('iot', 'DELETE', '/thing-groups/hall'), 'InvalidRequestException'],
  ['deleting at another version', (world) => world.send('iot', 'DELETE', '/thing-groups/cell?expectedVersion=9'), 'VersionConflictException'],
  ['a parent that is not there', (world) => group(world, 'new', { parentGroupName: 'nowhere' }), 'InvalidRequestException'],
  ['the same name under another parent', (world) => group(world, 'cell', { parentGroupName: 'plant' }), 'ResourceAlreadyExistsException'],
  ['listing a group that is not there', (world) => world.send('iot', 'GET', '/thing-groups/nowhere/things'), 'ResourceNotFoundException'],
]

test.each(refusals)('%s is refused', (_, act, code) => {
  expect(errorOf(act(plant()))).toBe(code)
})

test('a thing is in ten groups at most', () => {
  const world = plant()
  const answers = Array.from({ length: 11 }, (_, index) => {
    group(world, `g${index}`)
    return join(world, 't3', `g${index}`).status
  })
  expect(answers).toEqual([...Array<number>(10).fill(200), 400])
})

test('groups nest seven deep and have a hundred children at most', () => {
  const world = newWorld()
  group(world, 'g1')
  const deep = [2, 3, 4, 5, 6, 7, 8].map((level) => group(world, `g${level}`, { parentGroupName: `g${level - 1}` }).status)
  expect(deep).toEqual([200, 200, 200, 200, 200, 200, 400])
  const wide = Array.from({ length: 101 }, (_, index) => group(world, `w${index}`, { parentGroupName: 'g2' }).status)
  expect(wide.filter((status) => status === 200)).toHaveLength(99) // g3 is a child too
})

test('an update changes description and attributes, and the version', () => {
  const world = plant()
  const update = (body: object) => world.send('iot', 'PATCH', '/thing-groups/cell', { body })
  const thingGroupProperties = { thingGroupDescription: 'cold', attributePayload: { attributes: { floor: '1' } } }
  expect(json(update({ thingGroupProperties, expectedVersion: 1 }))).toEqual({ version: 2 })
  expect(errorOf(update({ thingGroupProperties, expectedVersion: 1 }))).toBe('VersionConflictException')
  expect(json(world.send('iot', 'GET', '/thing-groups/cell'))['thingGroupProperties']).toEqual(thingGroupProperties)
})

test('one request moves a thing inside a hierarchy', () => {
  const world = plant()
  const body = { thingName: 't1', thingGroupsToAdd: ['cell'], thingGroupsToRemove: ['hall'] }
  expect(world.send('iot', 'PUT', '/thing-groups/updateThingGroupsForThing', { body }).status).toBe(200)
  expect(world.cloud.registry.groupsOf('t1').map(({ name }) => name)).toEqual(['cell'])
})

test('who listens hears of every change, after it happened', () => {
  const world = plant()
  const { registry } = world.cloud
  const heard: (RegistryChange & { member?: boolean })[] = []
  registry.onChange((change) => heard.push('group' in change ? { ...change, member: registry.isMember(change.thing, change.group) } : change))
  join(world, 't3', 'office')
  join(world, 't3', 'office')
  leave(world, 't3', 'office')
  world.send('iot', 'DELETE', '/thing-groups/cell')
  world.send('iot', 'DELETE', '/things/t1')
  expect(heard).toEqual([
    { type: 'joined', thing: 't3', group: 'office', member: true },
    { type: 'left', thing: 't3', group: 'office', member: false },
    { type: 'left', thing: 't2', group: 'cell', member: false },
    { type: 'deleted', thing: 't1' },
  ])
  expect([...registry.thingsIn('plant')]).toEqual([])
})

test('a whole fleet registers at once and is like things made one by one', () => {
  const world = newWorld()
  const names = Array.from({ length: 20_000 }, (_, index) => `t-${index}`)
  world.cloud.registry.addFleet('fleet', names)
  world.cloud.registry.addFleet('fleet', ['t-0', 'late'])
  expect([...world.cloud.registry.thingsIn('fleet')]).toEqual([...names, 'late'])
  expect(json(world.send('iot', 'GET', '/things/t-7'))).toMatchObject({
    version: 1,
    attributes: {},
    thingId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  })
  expect(world.send('iot', 'POST', '/things/t-7').status).toBe(200)
  expect(json(world.send('iot', 'GET', '/things?maxResults=2'))['things']).toHaveLength(2)
})

test('tags: added, replaced, removed, and gone with their group', () => {
  const world = plant()
  const resourceArn = 'arn:aws:iot:us-east-1:123456789012:thinggroup/cell'
  const tags = () => json(world.send('iot', 'GET', `/tags?resourceArn=${encodeURIComponent(resourceArn)}`))['tags']
  const tag = (...pairs: [string, string][]) =>
    world.send('iot', 'POST', '/tags', { body: { resourceArn, tags: pairs.map(([Key, Value]) => ({ Key, Value })) } })
  tag(['a', '1'], ['b', '2'])
  tag(['a', '3'])
  expect(tags()).toEqual([
    { Key: 'a', Value: '3' },
    { Key: 'b', Value: '2' },
  ])
  world.send('iot', 'POST', '/untag', { body: { resourceArn, tagKeys: ['a', 'none'] } })
  expect(tags()).toEqual([{ Key: 'b', Value: '2' }])
  expect(errorOf(tag(...Array.from({ length: 50 }, (_, index): [string, string] => [`k${index}`, ''])))).toBe('LimitExceededException')
  world.send('iot', 'DELETE', '/thing-groups/cell')
  group(world, 'cell')
  expect(tags()).toEqual([])
})

test.each([
  ['a thing', 'arn:aws:iot:us-east-1:123456789012:thing/t1', 'InvalidRequestException'],
  ['a group that is not there', 'arn:aws:iot:us-east-1:123456789012:thinggroup/no', 'ResourceNotFoundException'],
  ['what is no ARN', 'cell', 'InvalidRequestException'],
  ['a certificate', `arn:aws:iot:us-east-1:123456789012:cert/${'a'.repeat(64)}`, 'InvalidRequestException'],
  ...['thingtype', 'billinggroup', 'job', 'jobtemplate', 'stream', 'otaupdate', 'policy'].map((kind): [string, string, string] => [
    `a ${kind} that is not there`,
    `arn:aws:iot:us-east-1:123456789012:${kind}/no`,
    'ResourceNotFoundException',
  ]),
])('%s cannot be tagged', (_, resourceArn, code) => {
  expect(errorOf(plant().send('iot', 'POST', '/tags', { body: { resourceArn, tags: [] } }))).toBe(code)
})

test.each(['', 'aws:cost', 'a*b', 'k'.repeat(129)])('%j cannot be the key of a tag', (Key) => {
  const resourceArn = 'arn:aws:iot:us-east-1:123456789012:thinggroup/cell'
  expect(errorOf(plant().send('iot', 'POST', '/tags', { body: { resourceArn, tags: [{ Key, Value: '1' }] } }))).toBe('InvalidRequestException')
})
