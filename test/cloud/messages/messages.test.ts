import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, createJob, createThings, DOORS, START_MS } from '../mqtt/door-world.ts'
import type { World } from '../mqtt/door-world.ts'

let world: World
beforeEach(async () => {
  world = await DOORS[0]!.open()
})
afterEach(() => world.close())

const publish = (topic: string, payload: string, query = '') => call(world.cloud, 'Publish', { topic }, payload, query)
const failure = (code: string) => expect.objectContaining({ code })

describe('Publish', () => {
  test('reaches subscribers, and the topic keeps what is retained until an empty message comes', async () => {
    const live = await world.connect('live')
    await live.subscribe('a/b')
    publish('a/b', 'one', 'qos=1&retain=true')
    await live.until(() => live.heard.includes('a/b one'))
    const late = await world.connect('late')
    await late.subscribe('a/b', 'a/+')
    expect(await late.topics()).toEqual(['a/b'])
    publish('a/b', '', 'retain=true')
    expect(world.cloud.retained.get('a/b')).toBeUndefined()
  })

  test('on a shadow topic it is the request', async () => {
    const observer = await world.connect('observer')
    await observer.subscribe('$aws/things/t/shadow/#')
    publish('$aws/things/t/shadow/update', '{"state":{"reported":{"a":1}}}')
    expect(await observer.answer('update/accepted')).toMatchObject({ version: 1 })
  })

  test('on a jobs topic it is the request, and the answer goes to nobody', async () => {
    createThings(world.cloud, 't')
    createJob(world.cloud, 'j', 't')
    const observer = await world.connect('t')
    await observer.subscribe('$aws/things/t/jobs/#')
    publish('$aws/things/t/jobs/j/update', '{"status":"SUCCEEDED"}')
    expect(await observer.topics()).toEqual(['$aws/things/t/jobs/notify', '$aws/things/t/jobs/notify-next'])
  })

  test.each([
    ['$aws/things/t/shadow/get/accepted', '', 'ForbiddenException'],
    ['$aws/things/t/shadow/update', 'retain=true', 'ForbiddenException'],
    ['$SYS/x', '', 'ForbiddenException'],
    ['a/+', '', 'InvalidRequestException'],
    ['a/b/c/d/e/f/g/h/i', '', 'InvalidRequestException'],
    ['a', 'qos=2', 'InvalidRequestException'],
    ['a', 'retain=maybe', 'InvalidRequestException'],
  ])('to %s with %s is refused: %s', (topic, query, code) => {
    expect(() => publish(topic, 'x', query)).toThrow(failure(code))
  })

  test('with more than 128 KB is refused', () => {
    expect(() => publish('a', 'x'.repeat(128 * 1024 + 1))).toThrow(failure('RequestEntityTooLargeException'))
  })
})

describe('retained messages', () => {
  test('of clients and of Publish are listed by topic, and told with their bytes', async () => {
    const device = await world.connect('device')
    await device.publish('z', 'from a device', true)
    publish('b/c', 'from outside', 'retain=true')
    const first = call(world.cloud, 'ListRetainedMessages', {}, {}, 'maxResults=1')
    expect(first).toEqual({
      retainedTopics: [{ topic: 'b/c', payloadSize: 12, qos: 0, lastModifiedTime: START_MS }],
      nextToken: expect.any(String),
    })
    expect(call(world.cloud, 'ListRetainedMessages', {}, {}, `nextToken=${first.nextToken}`)).toEqual({
      retainedTopics: [{ topic: 'z', payloadSize: 13, qos: 1, lastModifiedTime: START_MS }],
    })
    expect(call(world.cloud, 'GetRetainedMessage', { topic: 'b/c' })).toEqual({
      topic: 'b/c',
      payload: Buffer.from('from outside').toString('base64'),
      qos: 0,
      lastModifiedTime: START_MS,
    })
  })

  test.each([
    ['GetRetainedMessage', { topic: 'none' }, '', 'ResourceNotFoundException'],
    ['ListRetainedMessages', {}, 'maxResults=201', 'InvalidRequestException'],
    ['ListRetainedMessages', {}, 'nextToken=x', 'InvalidRequestException'],
  ])('%s %j %s is refused', (name, params, query, code) => {
    expect(() => call(world.cloud, name, params as Record<string, string>, {}, query)).toThrow(failure(code))
  })
})

describe('connections', () => {
  const will = { topic: 'will', payload: 'gone', qos: 1, retain: false } as const

  test('are ended with their will, and may come back to their session', async () => {
    const observer = await world.connect('observer')
    await observer.subscribe('will', '$aws/events/presence/disconnected/+')
    const device = await world.connect('device', { clean: false, will })
    await device.subscribe('a')
    call(world.cloud, 'DeleteConnection', { clientId: 'device' })
    expect(device.isClosed).toBe(true)
    expect(await observer.answer('disconnected/device')).toMatchObject({
      disconnectReason: 'API_INITIATED_DISCONNECT',
      clientInitiatedDisconnect: false,
    })
    expect(observer.heard).toContain('will gone')
    expect((await world.connect('device', { clean: false })).sessionPresent).toBe(true)
  })

  test('are ended without will and session when asked for', async () => {
    const observer = await world.connect('observer')
    await observer.subscribe('will')
    await world.connect('device', { clean: false, will })
    call(world.cloud, 'DeleteConnection', { clientId: 'device' }, {}, 'cleanSession=true&preventWillMessage=true')
    expect(await observer.topics()).toEqual([])
    expect((await world.connect('device', { clean: false })).sessionPresent).toBe(false)
  })

  test('are told of while they last, and for half an hour after', async () => {
    const device = await world.connect('device', { clean: false, keepAliveSeconds: 60 })
    const common = { clientId: 'device', cleanSession: false, sessionExpiry: 3600 }
    expect(call(world.cloud, 'GetConnection', { clientId: 'device' })).toMatchObject({
      ...common,
      connected: true,
      keepAliveDuration: 60,
      connectedSince: START_MS,
    })
    device.connection.disconnect()
    expect(call(world.cloud, 'GetConnection', { clientId: 'device' })).toMatchObject({ ...common, connected: false, disconnectedSince: START_MS })
    world.clock.wake(START_MS + 31 * 60_000, { wake: () => {} }, 0)
    await world.clock.run(() => false)
    expect(() => call(world.cloud, 'GetConnection', { clientId: 'device' })).toThrow(failure('ResourceNotFoundException'))
  })

  test.each([
    ['nobody', 'ResourceNotFoundException'],
    ['$reserved', 'InvalidRequestException'],
  ])('of %s: %s', (clientId, code) => {
    for (const name of ['DeleteConnection', 'GetConnection', 'ListSubscriptions'])
      expect(() => call(world.cloud, name, { clientId })).toThrow(failure(code))
  })
})
