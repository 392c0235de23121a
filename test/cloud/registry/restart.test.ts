import { expect, test } from 'vitest'
import { FakeStore } from '../fake-store.ts'
import { json, newWorld } from '../http/world.ts'
import type { World } from '../http/world.ts'

const post = (world: World, url: string, body: object = {}) => world.send('iot', 'POST', url, { body })
const get = (world: World, url: string) => json(world.send('iot', 'GET', url))
const groupArn = encodeURIComponent('arn:aws:iot:us-east-1:123456789012:thinggroup/zone')

/** Something of everything that the registry knows; the parent is later in the alphabet than its child. */
function furnished(store: FakeStore): World {
  const world = newWorld({ store })
  post(world, '/thing-types/lamp', { thingTypeProperties: { searchableAttributes: ['watts'] } })
  post(world, '/thing-types/lamp/deprecate')
  post(world, '/billing-groups/rent', { billingGroupProperties: { billingGroupDescription: 'flats' } })
  post(world, '/thing-groups/zone', { thingGroupProperties: { attributePayload: { attributes: { floor: '1' } } }, tags: [{ Key: 'a', Value: '1' }] })
  post(world, '/thing-groups/area', { parentGroupName: 'zone' })
  post(world, '/things/bare')
  post(world, '/things/t1', { billingGroupName: 'rent', attributePayload: { attributes: { watts: '60' } } })
  post(world, '/things/gone')
  for (const thingName of ['t1', 'gone'])
    world.send('iot', 'PUT', '/thing-groups/addThingToThingGroup', { body: { thingName, thingGroupName: 'area' } })
  world.send('iot', 'PATCH', '/things/t1', { body: { attributePayload: { attributes: { watts: '75' } } } })
  world.send('iot', 'DELETE', '/things/gone')
  world.send('iot', 'PATCH', '/event-configurations', { body: { eventConfigurations: { THING: { Enabled: true } } } })
  return world
}

const answers = [
  '/things/t1',
  '/things/bare',
  '/things',
  '/thing-types',
  '/billing-groups/rent',
  '/thing-groups',
  '/thing-groups/area',
  '/thing-groups/zone',
  '/thing-groups/zone/things?recursive=true',
  '/things/t1/thing-groups',
  `/tags?resourceArn=${groupArn}`,
  '/event-configurations',
]

test.each(answers)('after a restart %s answers as before', (url) => {
  const store = new FakeStore()
  const before = get(furnished(store), url)
  expect(get(newWorld({ store }), url)).toEqual(before)
})

test('what was deleted stays away, and what is made anew gets another id, across a restart too', () => {
  const store = new FakeStore()
  const world = furnished(store)
  const first = json(post(world, '/things/again'))['thingId']
  world.send('iot', 'DELETE', '/things/again')
  const second = json(post(world, '/things/again'))['thingId']
  const restarted = newWorld({ store })
  expect(get(restarted, '/things/again')['thingId']).toBe(second)
  restarted.send('iot', 'DELETE', '/things/again')
  const third = json(post(restarted, '/things/again'))['thingId']
  expect(new Set([first, second, third]).size).toBe(3)
  expect(restarted.send('iot', 'GET', '/things/gone').status).toBe(404)
})

test('a reset forgets everything, in the store too', () => {
  const store = new FakeStore()
  furnished(store).cloud.reset()
  const world = newWorld({ store })
  expect([get(world, '/things')['things'], get(world, '/thing-groups')['thingGroups'], get(world, '/thing-types')['thingTypes']]).toEqual([
    [],
    [],
    [],
  ])
})
