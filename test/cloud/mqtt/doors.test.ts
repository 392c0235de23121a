import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createJob, createThings, DOORS, START_MS } from './door-world.ts'
import type { World } from './door-world.ts'

const KB_128 = 128 * 1024
const T = '$aws/things/t1'

/** Each row names the row of the reference's §10 that it is, where there is one. */
const ROWS: readonly [string, (world: World) => Promise<void>][] = [
  [
    '9: start-next on an idle thing is accepted without an execution',
    async ({ cloud, connect }) => {
      createThings(cloud, 't1')
      const device = await connect('t1')
      await device.publish(`${T}/jobs/start-next`, '{}')
      expect(await device.answer('start-next/accepted')).toEqual({ timestamp: START_MS / 1000 })
    },
  ],
  [
    '10: when the last job is done, notify has no jobs and notify-next only a timestamp',
    async ({ cloud, connect }) => {
      createThings(cloud, 't1')
      createJob(cloud, 'j1', 't1')
      const device = await connect('t1')
      await device.subscribe(`${T}/jobs/notify`, `${T}/jobs/notify-next`)
      await device.publish(`${T}/jobs/j1/update`, '{"status":"SUCCEEDED"}')
      expect(await device.answer('/notify')).toEqual({ timestamp: START_MS / 1000, jobs: {} })
      expect(await device.answer('/notify-next')).toEqual({ timestamp: START_MS / 1000 })
    },
  ],
  [
    '11, 12: starting the head and progress reports notify nobody',
    async ({ cloud, connect }) => {
      createThings(cloud, 't1')
      createJob(cloud, 'j1', 't1')
      const device = await connect('t1')
      await device.subscribe(`${T}/jobs/notify`, `${T}/jobs/notify-next`)
      await device.publish(`${T}/jobs/start-next`, '{}')
      for (let i = 0; i < 5; i++) await device.publish(`${T}/jobs/j1/update`, '{"status":"IN_PROGRESS"}')
      expect(await device.topics()).toEqual([`${T}/jobs/start-next/accepted`, ...Array<string>(5).fill(`${T}/jobs/j1/update/accepted`)])
    },
  ],
  [
    '13: a job that jumps the queue shows on notify-next alone',
    async ({ cloud, connect }) => {
      createThings(cloud, 't1')
      for (const jobId of ['j1', 'j2', 'j3']) createJob(cloud, jobId, 't1')
      const device = await connect('t1')
      await device.subscribe(`${T}/jobs/notify`, `${T}/jobs/notify-next`)
      await device.publish(`${T}/jobs/j3/update`, '{"status":"IN_PROGRESS"}')
      expect((await device.answer('/notify-next'))['execution'].jobId).toBe('j3')
      expect((await device.topics()).sort()).toEqual([`${T}/jobs/j3/update/accepted`, `${T}/jobs/notify-next`])
    },
  ],
  [
    '14: another client below jobs/# sees notifications but no answers',
    async ({ cloud, connect, settled }) => {
      createThings(cloud, 't1')
      const device = await connect('t1')
      const observer = await connect('observer')
      await observer.subscribe(`${T}/jobs/#`, '$aws/things/+/jobs/+/get/accepted')
      await settled()
      createJob(cloud, 'j1', 't1')
      await device.publish(`${T}/jobs/$next/get`, '{}')
      await device.answer('get/accepted')
      expect((await observer.topics()).sort()).toEqual([`${T}/jobs/notify`, `${T}/jobs/notify-next`])
    },
  ],
  [
    'what a client unsubscribed from it hears no more, and what it never subscribed to does not matter',
    async ({ connect }) => {
      const client = await connect('c')
      const topics = ['$aws/things/c/jobs/notify', 'a/b']
      await client.subscribe('a/b', 'a/+', 'c')
      client.connection.unsubscribe(['a/b', 'a/+', 'never', ...topics])
      await client.subscribe('d')
      for (const topic of ['a/b', 'c', 'd']) await client.publish(topic)
      expect(await client.topics()).toEqual(['c', 'd'])
    },
  ],
  [
    '15: an answer comes without any subscription',
    async ({ cloud, connect }) => {
      createThings(cloud, 't1')
      const device = await connect('raw')
      await device.publish(`${T}/jobs/get`, '{}')
      expect(await device.answer('/get/accepted')).toEqual({ timestamp: START_MS / 1000, inProgressJobs: [], queuedJobs: [] })
    },
  ],
  [
    '16: an answer comes once, however many subscriptions it matches',
    async ({ cloud, connect }) => {
      createThings(cloud, 't1')
      const device = await connect('t1')
      await device.subscribe(`${T}/jobs/get/+`, `${T}/jobs/get/accepted`, `${T}/jobs/#`)
      await device.publish(`${T}/jobs/get`, '{}')
      await device.answer('/get/accepted')
      expect(await device.topics()).toEqual([`${T}/jobs/get/accepted`])
    },
  ],
  [
    '17: a rejection carries the client token',
    async ({ cloud, connect, requests }) => {
      createThings(cloud, 't1')
      createJob(cloud, 'j1', 't1')
      const device = await connect('t1')
      await device.publish(`${T}/jobs/j1/update`, '{"status":"IN_PROGRESS","expectedVersion":7,"clientToken":"abc"}')
      expect(await device.answer('/rejected')).toMatchObject({ code: 'VersionMismatch', clientToken: 'abc' })
      expect(requests).toEqual([{ service: 'iot-jobs-data', operation: 'UpdateJobExecution', code: 'VersionMismatch', seconds: expect.any(Number) }])
    },
  ],
  [
    '30: a late subscriber to notify-next gets nothing',
    async ({ cloud, connect }) => {
      createThings(cloud, 't1')
      createJob(cloud, 'j1', 't1')
      const device = await connect('t1')
      await device.subscribe(`${T}/jobs/notify-next`)
      expect(await device.topics()).toEqual([])
    },
  ],
  [
    '73: a second client with the same id takes over, and the will of the first is published',
    async ({ connect }) => {
      const observer = await connect('observer')
      await observer.subscribe('wills/#', '$aws/events/presence/#')
      const first = await connect('twin', { will: { topic: 'wills/twin', payload: 'gone', qos: 1, retain: false } })
      const second = await connect('twin')
      await first.until(() => first.isClosed)
      await observer.until(() => observer.heard.filter((message) => message.includes('/twin')).length === 4)
      expect(second.isClosed).toBe(false)
      expect(observer.heard).toContain('wills/twin gone')
      expect(await observer.answer('disconnected/twin')).toMatchObject({ clientInitiatedDisconnect: false, disconnectReason: 'DUPLICATE_CLIENTID' })
      const topics = (await observer.topics()).filter((topic) => topic.startsWith('$aws'))
      expect(topics.map((topic) => topic.split('/')[3])).toEqual(['connected', 'disconnected', 'connected'])
    },
  ],
  [
    'a client that says goodbye leaves no will, one that is lost does',
    async ({ connect }) => {
      const observer = await connect('observer')
      await observer.subscribe('wills/#', '$aws/events/presence/disconnected/+')
      const polite = await connect('polite', { will: { topic: 'wills/polite', payload: '', qos: 0, retain: false } })
      const lost = await connect('lost', { will: { topic: 'wills/lost', payload: '', qos: 0, retain: false } })
      polite.connection.disconnect()
      expect(await observer.answer('disconnected/polite')).toMatchObject({ disconnectReason: 'CLIENT_INITIATED_DISCONNECT' })
      lost.connection.destroy()
      expect(await observer.answer('disconnected/lost')).toMatchObject({ disconnectReason: 'CONNECTION_LOST' })
      expect((await observer.topics()).filter((topic) => topic.startsWith('wills/'))).toEqual(['wills/lost'])
    },
  ],
  [
    '75: a retained message comes for its own topic, not through a wildcard',
    async ({ connect, settled }) => {
      const client = await connect('c1')
      await client.publish('a/b', 'kept', true)
      await client.topics()
      await client.subscribe('a/+')
      expect(await client.topics()).toEqual([])
      await client.subscribe('a/b')
      await settled()
      expect(await client.topics()).toEqual(['a/b'])
      await client.publish('a/b', '', true)
      await client.topics()
      const later = await connect('c2')
      await later.subscribe('a/b')
      await settled()
      expect(await later.topics()).toEqual([])
    },
  ],
  [
    'a cloud that is reset forgets retained messages and keeps connections',
    async ({ cloud, connect, settled }) => {
      const client = await connect('c1')
      await client.publish('a/b', 'kept', true)
      await client.topics()
      await settled()
      cloud.reset()
      await client.subscribe('a/b')
      await settled()
      expect(await client.topics()).toEqual([])
      await client.publish('a/b', 'live')
      expect(await client.topics()).toEqual(['a/b'])
    },
  ],
  [
    '76: a/# takes a/b and a/b/c but not a',
    async ({ connect }) => {
      const client = await connect('c1')
      await client.subscribe('a/#')
      for (const topic of ['a', 'a/b', 'a/b/c', 'ab']) await client.publish(topic, 'x')
      expect(await client.topics()).toEqual(['a/b', 'a/b/c'])
    },
  ],
  [
    '77: nine filters in one SUBSCRIBE end the connection',
    async ({ connect }) => {
      const client = await connect('c1')
      expect(await client.subscribe(...Array.from({ length: 9 }, (_, i) => `a/${i}`))).toEqual([])
      expect(client.isClosed).toBe(true)
    },
  ],
  [
    '78: the 51st subscription is refused and ends the connection',
    async ({ connect }) => {
      const client = await connect('c1')
      for (let i = 0; i < 50; i++) expect(await client.subscribe(`a/${i}`)).toEqual([1])
      expect(await client.subscribe('a/50')).toEqual([128])
      await client.until(() => client.isClosed)
      expect(client.isClosed).toBe(true)
    },
  ],
  [
    '79: 128 KB pass, one byte more is not delivered and ends the connection',
    async ({ connect }) => {
      const receiver = await connect('receiver')
      await receiver.subscribe('big')
      const sender = await connect('sender')
      await sender.publish('big', 'x'.repeat(KB_128))
      await sender.publish('big', 'x'.repeat(KB_128 + 1))
      await sender.until(() => sender.isClosed)
      expect(await receiver.topics()).toEqual(['big'])
    },
  ],
  [
    'a message comes once through overlapping subscriptions, and only to those who asked',
    async ({ cloud, connect }) => {
      const one = await connect('one')
      const other = await connect('other')
      await one.subscribe('x/y', 'x/+', '#', '+/y')
      await other.subscribe('x/z', '$aws/things/t2/#')
      await other.publish('x/y', '1')
      cloud.bus.publish('$aws/things/t1/jobs/notify', '{}')
      expect(await one.topics()).toEqual(['x/y'])
      expect(await other.topics()).toEqual([])
    },
  ],
  [
    'the cloud knows which topics anybody waits for',
    async ({ cloud, connect, settled }) => {
      const device = await connect('t1')
      const filters = [`${T}/jobs/notify-next`, `${T}/shadow/+/accepted`, '$aws/things/+/jobs/notify', 'plain', 'wild/+/x']
      expect(await device.subscribe(...filters)).toEqual(filters.map(() => 1))
      await settled()
      const topics = [`${T}/jobs/notify-next`, `${T}/shadow/get/accepted`, '$aws/things/t9/jobs/notify', 'plain', 'wild/1/x']
      expect(topics.map((topic) => cloud.bus.wanted(topic))).toEqual(topics.map(() => true))
      const others = ['$aws/things/t2/jobs/notify-next', `${T}/shadow/get/x/accepted`, 'plain/', 'wild/1/y', 'wild']
      expect(others.map((topic) => cloud.bus.wanted(topic))).toEqual(others.map(() => false))
      device.connection.destroy()
      const after = await connect('after')
      await after.publish('barrier')
      await device.until(() => !cloud.bus.wanted('plain') || device.isClosed)
      await settled()
      expect(topics.map((topic) => cloud.bus.wanted(topic))).toEqual(topics.map(() => false))
    },
  ],
  [
    'a persistent session keeps subscriptions and QoS 1 messages while its client is away',
    async ({ cloud, connect, settled }) => {
      const before = await connect('sleeper', { clean: false })
      expect(before.sessionPresent).toBe(false)
      await before.subscribe('kept/#')
      before.connection.disconnect()
      const sender = await connect('sender')
      await sender.publish('kept/1', 'a')
      await sender.topics()
      await settled()
      cloud.bus.publish('kept/2', 'b')
      const after = await connect('sleeper', { clean: false })
      expect(after.sessionPresent).toBe(true)
      await after.until(() => after.heard.length === 2)
      expect(after.heard).toEqual(['kept/1 a', 'kept/2 b'])
      after.connection.disconnect()
      const fresh = await connect('sleeper', { clean: true })
      expect(fresh.sessionPresent).toBe(false)
      await sender.publish('kept/3', 'c')
      expect(await fresh.topics()).toEqual([])
    },
  ],
  [
    'shadow answers go through the broker: the observer sees them, the device without a subscription does not',
    async ({ connect, requests }) => {
      const observer = await connect('observer')
      await observer.subscribe('$aws/things/+/shadow/#')
      const device = await connect('t1')
      await device.publish(`${T}/shadow/update`, '{"state":{"reported":{"v":1}}}')
      await device.publish(`${T}/shadow/name/fw/get`)
      expect(await observer.answer('/update/accepted')).toMatchObject({ state: { reported: { v: 1 } }, version: 1 })
      expect(await observer.answer('/name/fw/get/rejected')).toMatchObject({ code: 404 })
      expect(await device.topics()).toEqual([])
      expect(await observer.topics()).toEqual([`${T}/shadow/update/accepted`, `${T}/shadow/update/documents`, `${T}/shadow/name/fw/get/rejected`])
      expect(requests.map(({ service, operation, code }) => `${service} ${operation} ${code}`)).toEqual([
        'iotdata UpdateThingShadow ok',
        'iotdata GetThingShadow ResourceNotFoundException',
      ])
    },
  ],
  [
    'Basic Ingest takes a message that goes nowhere',
    async ({ connect }) => {
      const client = await connect('c1')
      await client.subscribe('#', '$aws/#')
      await client.publish('$aws/rules/r/a/b/c/d/e/f/g/h', '{}')
      expect(client.isClosed).toBe(false)
      expect((await client.topics()).filter((topic) => topic.includes('rules'))).toEqual([])
    },
  ],
  [
    'a client id longer than 128 bytes is refused',
    async ({ connect }) => {
      const client = await connect('x'.repeat(129))
      await client.until(() => client.isClosed)
      expect(client.sessionPresent).toBe(undefined)
    },
  ],
  [
    'filters that no client may listen to are refused one by one',
    async ({ connect }) => {
      const client = await connect('c1')
      expect(await client.subscribe('$SYS/#', 'ok', 'a/b/c/d/e/f/g/h/i', '$aws/unknown/x', `${T}/jobs/+`)).toEqual([128, 1, 128, 128, 1])
      expect(client.isClosed).toBe(false)
    },
  ],
]

/** Topics that only the cloud publishes to, that do not exist, or that are too long: the connection closes. */
const REFUSED: readonly [string, boolean?][] = [
  [`${T}/jobs/notify`],
  [`${T}/jobs/notify-next`],
  [`${T}/jobs/get/accepted`],
  [`${T}/jobs/j1/update/rejected`],
  [`${T}/shadow/update/delta`],
  [`${T}/shadow/update/documents`],
  [`${T}/shadow/name/n/get/accepted`],
  [`${T}/shadow/put`],
  [`${T}/unknown/get`],
  ['$aws/events/presence/connected/c1'],
  ['$aws/unknown'],
  ['$SYS/x'],
  ['$answered'],
  [`${T}/shadow/update`, true],
  ['a/b/c/d/e/f/g/h/i'],
  ['x'.repeat(257)],
]

describe.each(DOORS)('$name', ({ open }) => {
  let world: World
  beforeEach(async () => {
    world = await open()
  })
  afterEach(() => world.close())

  test.each(ROWS)('%s', async (_name, run) => {
    await run(world)
  })

  test.each(REFUSED)('a PUBLISH to %s ends the connection and reaches nobody', async (topic, retain = false) => {
    const observer = await world.connect('observer')
    await observer.subscribe('#', '$aws/#')
    const client = await world.connect('c1')
    await client.publish(topic, '{}', retain)
    await client.until(() => client.isClosed)
    expect((await observer.topics()).filter((heard) => !heard.startsWith('$aws/events/'))).toEqual([])
  })
})
