import { expect, test } from 'vitest'
import { json, newWorld, WALL_MS, xml } from './world.ts'

test('the service of the credential decides what a path means', () => {
  const world = newWorld()
  world.send('iot', 'POST', '/things/t1')
  expect(json(world.send('iot', 'GET', '/things/t1/jobs'))).toEqual({ executionSummaries: [] })
  expect(json(world.send('iot-jobs-data', 'GET', '/things/t1/jobs'))).toEqual({ inProgressJobs: [], queuedJobs: [] })
})

test.each(['iot', 'execute-api'])('the control plane answers requests signed for %s', (service) => {
  const world = newWorld()
  expect(json(world.send(service, 'GET', '/things'))).toEqual({ things: [] })
})

test.each(['iotdata', 'iotdevicegateway'])('messages go to the bus, signed for %s', (service) => {
  const world = newWorld()
  const messages: unknown[] = []
  world.cloud.bus.attach({
    wanted: () => true,
    publish: (topic, payload) => void messages.push([topic, Buffer.from(payload).toString()]),
  })
  expect(world.send(service, 'POST', '/topics/a%2Fb?qos=1', { body: 'not json {' }).status).toBe(200)
  expect(messages).toEqual([['a/b', 'not json {']])
})

const refusedMessages: [string, string, string, number][] = [
  ['a wildcard', '/topics/a%2F%23', 'InvalidRequestException', 400],
  ['a QoS of 2', '/topics/a?qos=2', 'InvalidRequestException', 400],
  ['more than seven slashes', `/topics/${'a%2F'.repeat(8)}a`, 'InvalidRequestException', 400],
  ['a topic of more than 256 bytes', `/topics/${'a'.repeat(257)}`, 'InvalidRequestException', 400],
]

test.each(refusedMessages)('a message with %s is refused', (_, url, code, status) => {
  const answer = newWorld().send('iotdata', 'POST', url, { body: 'x' })
  expect([answer.status, answer.headers['x-amzn-ErrorType']]).toEqual([status, code])
})

test('a message of more than 128 KB is refused', () => {
  const answer = newWorld().send('iotdata', 'POST', '/topics/a', { body: new Uint8Array(128 * 1024 + 1) })
  expect(answer.headers['x-amzn-ErrorType']).toBe('RequestEntityTooLargeException')
})

test('an error carries its name in the header, its text in the body, and an id', () => {
  const answer = newWorld().send('iot', 'GET', '/things/nobody')
  expect(answer.status).toBe(404)
  expect(answer.headers).toMatchObject({ 'x-amzn-ErrorType': 'ResourceNotFoundException', 'content-type': 'application/json' })
  expect(answer.headers['x-amzn-RequestId']).toMatch(/^[0-9a-f-]{36}$/)
  expect(json(answer)).toEqual({ message: 'Thing nobody does not exist.' })
})

test('a shadow that is not there keeps its number in the body and has its name in the header', () => {
  const answer = newWorld().send('iotdata', 'GET', '/things/t1/shadow')
  expect(answer.headers['x-amzn-ErrorType']).toBe('ResourceNotFoundException')
  expect(json(answer)).toMatchObject({ code: 404, message: "No shadow exists with name: 't1'" })
})

const jsonRefusals: [string, (world: ReturnType<typeof newWorld>) => ReturnType<ReturnType<typeof newWorld>['send']>, string, number][] = [
  ['an unknown path', ({ send }) => send('iot', 'GET', '/nothing'), 'UnknownOperationException', 404],
  ['no signature', ({ raw }) => raw('GET', '/things'), 'MissingAuthenticationTokenException', 403],
  ['a service that is not here', ({ send }) => send('dynamodb', 'GET', '/things'), 'InvalidSignatureException', 403],
  ['a clock 16 minutes behind', ({ send }) => send('iot', 'GET', '/things', { atMs: WALL_MS - 960_000 }), 'InvalidSignatureException', 403],
  ['a body that is no JSON', ({ send }) => send('iot', 'POST', '/things/t', { body: '{' }), 'InvalidRequestException', 400],
  ['a body that is no object', ({ send }) => send('iot', 'POST', '/things/t', { body: '[1]' }), 'InvalidRequestException', 400],
  [
    'a body other than the one signed',
    ({ send }) => send('iot', 'POST', '/things/t', { headers: { 'x-amz-content-sha256': '0'.repeat(64) } }),
    'InvalidSignatureException',
    403,
  ],
]

test.each(jsonRefusals)('%s is refused in JSON', (_, act, code, status) => {
  const answer = act(newWorld())
  expect([answer.status, answer.headers['x-amzn-ErrorType']]).toEqual([status, code])
})

test('an unsigned request for an object is refused in XML, without a body for HEAD', () => {
  const { raw } = newWorld()
  expect(xml(raw('GET', '/images/app.bin'), 'Code')).toBe('AccessDenied')
  expect(raw('HEAD', '/images/app.bin')).toMatchObject({ status: 403, body: '' })
})

test('every answer is reported with service, operation and code', () => {
  const world = newWorld()
  world.send('iot', 'POST', '/things/t1')
  world.send('iot', 'GET', '/things/t2')
  world.send('s3', 'PUT', '/images')
  world.send('s3', 'GET', '/images/app.bin')
  world.raw('GET', '/images/app.bin')
  expect(world.requests.map(({ service, operation, code }) => `${service} ${operation} ${code}`)).toEqual([
    'iot CreateThing ok',
    'iot DescribeThing ResourceNotFoundException',
    's3 CreateBucket ok',
    's3 GetObject NoSuchKey',
    's3 unknown AccessDenied',
  ])
  expect(world.requests.every(({ seconds }) => seconds >= 0 && seconds < 10)).toBe(true)
})

test('the admin paths are open to this machine only', () => {
  const world = newWorld()
  world.send('iot', 'POST', '/things/t1')
  expect(world.raw('POST', '/_fleetsim/reset', { 'x-fleetsim-peer': 'remote' }).status).toBe(403)
  expect(world.raw('GET', '/_fleetsim/reset', { 'x-fleetsim-peer': 'loopback' }).status).toBe(404)
  expect(world.cloud.registry.hasThing('t1')).toBe(true)
  expect(world.raw('POST', '/_fleetsim/reset', { 'x-fleetsim-peer': 'loopback' }).status).toBe(200)
  expect(world.cloud.registry.hasThing('t1')).toBe(false)
})
