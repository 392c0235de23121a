import { expect, test } from 'vitest'
import { json, newWorld } from '../http/world.ts'
import type { World } from '../http/world.ts'

const call = (world: World, method: string, url: string, body: object = {}) => {
  const answer = world.send('iot', method, url, { body })
  return answer.status === 200 ? 'done' : answer.headers['x-amzn-ErrorType']
}
const described = (world: World) => json(world.send('iot', 'GET', '/thing-types/lamp'))

function lamps(): World {
  const world = newWorld()
  call(world, 'POST', '/thing-types/lamp', { thingTypeProperties: { thingTypeDescription: 'shines', searchableAttributes: ['watts'] } })
  call(world, 'POST', '/things/old', { thingTypeName: 'lamp' })
  return world
}

test('a deprecated type is not for new things; who has it keeps it', () => {
  const world = lamps()
  call(world, 'POST', '/things/other')
  expect(call(world, 'POST', '/thing-types/lamp/deprecate')).toBe('done')
  expect(described(world)['thingTypeMetadata']).toEqual({ deprecated: true, deprecationDate: 1_767_225_600, creationDate: 1_767_225_600 })
  expect(call(world, 'POST', '/things/new', { thingTypeName: 'lamp' })).toBe('InvalidRequestException')
  expect(call(world, 'PATCH', '/things/other', { thingTypeName: 'lamp' })).toBe('InvalidRequestException')
  expect(call(world, 'POST', '/things/old', { thingTypeName: 'lamp' })).toBe('done')
  expect(call(world, 'PATCH', '/things/old', { thingTypeName: 'lamp' })).toBe('done')
  call(world, 'POST', '/thing-types/lamp/deprecate', { undoDeprecate: true })
  expect(described(world)['thingTypeMetadata']).toEqual({ deprecated: false, creationDate: 1_767_225_600 })
  expect(call(world, 'POST', '/things/new', { thingTypeName: 'lamp' })).toBe('done')
})

test('a type is deleted five minutes after it was deprecated, when no thing has it', () => {
  const world = lamps()
  const remove = () => call(world, 'DELETE', '/thing-types/lamp')
  call(world, 'PATCH', '/things/old', { removeThingType: true })
  expect(remove()).toBe('InvalidRequestException')
  call(world, 'POST', '/thing-types/lamp/deprecate')
  world.pass(5 * 60_000 - 1)
  expect(remove()).toBe('InvalidRequestException')
  world.pass(1)
  expect([remove(), remove()]).toEqual(['done', 'ResourceNotFoundException'])
})

test('a type that a thing has is not deleted', () => {
  const world = lamps()
  call(world, 'POST', '/thing-types/lamp/deprecate')
  world.pass(5 * 60_000)
  expect(call(world, 'DELETE', '/thing-types/lamp')).toBe('InvalidRequestException')
})

test('an update replaces what it names', () => {
  const world = lamps()
  expect(call(world, 'PATCH', '/thing-types/lamp', { thingTypeProperties: { searchableAttributes: ['model'] } })).toBe('done')
  expect(described(world)['thingTypeProperties']).toEqual({ thingTypeDescription: 'shines', searchableAttributes: ['model'] })
  expect(call(world, 'PATCH', '/thing-types/none', {})).toBe('ResourceNotFoundException')
})
