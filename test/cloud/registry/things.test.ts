import { expect, test } from 'vitest'
import { json, newWorld } from '../http/world.ts'
import type { World } from '../http/world.ts'

const create = (world: World, name: string, body: object = {}) => world.send('iot', 'POST', `/things/${encodeURIComponent(name)}`, { body })
const described = (world: World, name: string) => json(world.send('iot', 'GET', `/things/${encodeURIComponent(name)}`))
const update = (world: World, name: string, body: object) => world.send('iot', 'PATCH', `/things/${name}`, { body })

test('a thing has the ARN of the region that asked, and one id for ever', () => {
  const world = newWorld()
  const first = json(create(world, 'a:b'))
  expect(first).toEqual({
    thingName: 'a:b',
    thingArn: 'arn:aws:iot:us-east-1:123456789012:thing/a:b',
    thingId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  })
  expect(described(world, 'a:b')).toEqual({ ...first, defaultClientId: 'a:b', attributes: {}, version: 1 })
  expect(json(world.send('iot', 'GET', '/things/a%3Ab', { region: 'eu-west-1' }))['thingArn']).toBe('arn:aws:iot:eu-west-1:123456789012:thing/a:b')
})

test('creating again is fine with the same configuration, and refused with another', () => {
  const world = newWorld()
  const body = { attributePayload: { attributes: { room: '1' } } }
  expect(create(world, 't', body).status).toBe(200)
  expect(create(world, 't', body).status).toBe(200)
  const refused = create(world, 't', { attributePayload: { attributes: { room: '2' } } })
  expect([refused.status, json(refused)['resourceArn']]).toEqual([409, 'arn:aws:iot:us-east-1:123456789012:thing/t'])
})

const invalid: [string, string, object][] = [
  ['a name with a space', 'a b', {}],
  ['a name of 129 characters', 'a'.repeat(129), {}],
  ['four attributes and no type', 't', { attributePayload: { attributes: { a: '1', b: '2', c: '3', d: '4' } } }],
  ['an attribute name with a space', 't', { attributePayload: { attributes: { 'a b': '1' } } }],
  ['a value of 801 characters', 't', { attributePayload: { attributes: { a: 'x'.repeat(801) } } }],
  ['a value that is no string', 't', { attributePayload: { attributes: { a: 1 } } }],
]

test.each(invalid)('a thing with %s is refused', (_, name, body) => {
  const answer = create(newWorld(), name, body)
  expect([answer.status, answer.headers['x-amzn-ErrorType']]).toEqual([400, 'InvalidRequestException'])
})

test('with a type a thing may have four attributes; an unknown type is not found', () => {
  const world = newWorld()
  const body = { thingTypeName: 'sensor', attributePayload: { attributes: { a: '1', b: '2', c: '3', d: '4' } } }
  expect(create(world, 't', body).headers['x-amzn-ErrorType']).toBe('ResourceNotFoundException')
  world.send('iot', 'POST', '/thing-types/sensor')
  expect(create(world, 't', body).status).toBe(200)
})

test('an update replaces or merges attributes, an empty value removes one, and the version grows', () => {
  const world = newWorld()
  create(world, 't', { attributePayload: { attributes: { a: '1', b: '2' } } })
  update(world, 't', { attributePayload: { attributes: { b: '3', c: '4' }, merge: true } })
  expect(described(world, 't')).toMatchObject({ attributes: { a: '1', b: '3', c: '4' }, version: 2 })
  update(world, 't', { attributePayload: { attributes: { a: '' }, merge: true }, expectedVersion: 2 })
  expect(described(world, 't')).toMatchObject({ attributes: { b: '3', c: '4' }, version: 3 })
  update(world, 't', { attributePayload: { attributes: { z: '9' } } })
  expect(described(world, 't')['attributes']).toEqual({ z: '9' })
  expect(update(world, 't', { expectedVersion: 1 }).headers['x-amzn-ErrorType']).toBe('VersionConflictException')
})

test('a thing is deleted at its version, and again without complaint', () => {
  const world = newWorld()
  create(world, 't')
  expect(world.send('iot', 'DELETE', '/things/t?expectedVersion=7').status).toBe(409)
  expect(world.send('iot', 'DELETE', '/things/t?expectedVersion=1').status).toBe(200)
  expect(world.send('iot', 'DELETE', '/things/t').status).toBe(200)
  expect(world.cloud.registry.hasThing('t')).toBe(false)
})

test('a listing shows what is there now', () => {
  const world = newWorld()
  const names = () => (json(world.send('iot', 'GET', '/things'))['things'] as { thingName: string }[]).map((thing) => thing.thingName)
  expect(names()).toEqual([])
  create(world, 'a')
  create(world, 'b')
  expect(names()).toEqual(['a', 'b'])
  world.send('iot', 'DELETE', '/things/a')
  expect(names()).toEqual(['b'])
})

test('a listing is filtered by attribute, by prefix and by type', () => {
  const world = newWorld()
  world.send('iot', 'POST', '/thing-types/sensor')
  create(world, 'a', { attributePayload: { attributes: { room: '12' } } })
  create(world, 'b', { attributePayload: { attributes: { room: '13' } } })
  create(world, 'c', { thingTypeName: 'sensor' })
  const names = (query: string) =>
    (json(world.send('iot', 'GET', `/things?${query}`))['things'] as { thingName: string }[]).map((thing) => thing.thingName)
  expect(names('attributeName=room&attributeValue=12')).toEqual(['a'])
  expect(names('attributeName=room&attributeValue=1&usePrefixAttributeValue=true')).toEqual(['a', 'b'])
  expect(names('thingTypeName=sensor')).toEqual(['c'])
})

test('thing types: described with their date, listed, and the same one twice', () => {
  const world = newWorld()
  const body = { thingTypeProperties: { thingTypeDescription: 'measures', searchableAttributes: ['room'] } }
  expect(world.send('iot', 'POST', '/thing-types/sensor', { body }).status).toBe(200)
  expect(world.send('iot', 'POST', '/thing-types/sensor', { body }).status).toBe(200)
  expect(world.send('iot', 'POST', '/thing-types/sensor').status).toBe(409)
  const type = json(world.send('iot', 'GET', '/thing-types/sensor'))
  expect(type).toMatchObject({ ...body, thingTypeMetadata: { deprecated: false, creationDate: 1_767_225_600 } })
  expect(json(world.send('iot', 'GET', '/thing-types'))['thingTypes']).toHaveLength(1)
  expect(world.send('iot', 'GET', '/thing-types/none').status).toBe(404)
})

const endpoints: [string, string][] = [
  ['', '127.0.0.1:1883'],
  ['?endpointType=iot%3AData-ATS', '127.0.0.1:1883'],
  ['?endpointType=iot%3AJobs', '127.0.0.1:4610'],
  ['?endpointType=iot%3ACredentialProvider', '127.0.0.1:4610'],
]

test.each(endpoints)('DescribeEndpoint%s is a bare host and port', (query, address) => {
  expect(json(newWorld().send('iot', 'GET', `/endpoint${query}`))).toEqual({ endpointAddress: address })
})

test('DescribeEndpoint refuses a type that AWS does not have', () => {
  expect(newWorld().send('iot', 'GET', '/endpoint?endpointType=iot%3ANothing').status).toBe(400)
})
