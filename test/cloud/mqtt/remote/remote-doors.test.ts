import { afterEach, expect, test } from 'vitest'
import type { CloudOptions } from '../../../../src/cloud/cloud.ts'
import { localEngine } from '../../../../src/cloud/mqtt/mqtt-engine.ts'
import type { ToDoor, ToEngine } from '../../../../src/cloud/mqtt/remote/protocol.ts'
import { RemoteDoors } from '../../../../src/cloud/mqtt/remote/remote-doors.ts'
import { RemoteEngine } from '../../../../src/cloud/mqtt/remote/remote-engine.ts'
import { bothWays, call, newCloud, openBroker, remoteEngine, START_MS } from '../door-world.ts'
import type { World } from '../door-world.ts'

/** What several doors do for one another; what each does alone is in ../doors.test.ts. */

const HOUR_MS = 3_600_000

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((door) => door.close()))
})

/** A cloud with two doors away from it, and one beside it. */
async function openWorld(options: Partial<CloudOptions> = {}) {
  const { cloud, clock } = newCloud(options)
  const live = { local: 0 }
  const doors = new RemoteDoors(cloud, () => live.local)
  const open = async (engine: Parameters<typeof openBroker>[0]) => {
    const door = await openBroker(engine)
    opened.push(door)
    return door.connect
  }
  const [a, b] = [await open(remoteEngine(doors, clock, 1)), await open(remoteEngine(doors, clock, 2))]
  const connectLocally = await open(localEngine(cloud))
  const local: World['connect'] = (...args) => {
    live.local += 1
    return connectLocally(...args)
  }
  return { cloud, clock, doors, a, b, local }
}

test('what a client publishes reaches the subscribers of all doors, once each', async () => {
  const { a, b, local } = await openWorld()
  const [sender, near, far, here] = [await a('sender'), await a('near'), await b('far'), await local('here')]
  for (const client of [near, far, here]) await client.subscribe('x/#', 'x/+')
  await bothWays()
  await sender.publish('x/1', 'one')
  await here.publish('x/2', 'two')
  for (const client of [near, far, here]) await client.until(() => client.heard.length >= 2)
  await bothWays()
  for (const client of [near, far, here]) expect(client.heard.toSorted()).toEqual(['x/1 one', 'x/2 two'])
})

test('what nobody wants elsewhere stays at its door', async () => {
  const { cloud, clock } = newCloud()
  const doors = new RemoteDoors(cloud, () => 0)
  const sent: ToEngine[] = []
  const engine = new RemoteEngine(clock, 1, (batch, taken) => {
    sent.push(...batch)
    taken()
    door.receive(batch)
  })
  const door = doors.join({ sendBatch: (batch) => engine.receive(batch), address: { ip: '', port: 0 }, onHung() {} })
  const near = await openBroker(engine)
  const far = await openBroker(remoteEngine(doors, clock, 2))
  opened.push(near, far)
  const sender = await near.connect('sender')
  const receiver = await far.connect('receiver')
  await receiver.subscribe('wanted/+')
  await bothWays()
  for (const topic of ['wanted/1', 'unwanted/1', 'wanted']) await sender.publish(topic, topic)
  await receiver.until(() => receiver.heard.length > 0)
  const forwarded = sent.filter(([type]) => type === 'forward').map(([, topic]) => topic)
  // The last one may be wanted, as far as its door knows; the engine knows better.
  expect(forwarded).toEqual(['wanted/1', 'wanted'])
  expect(receiver.heard).toEqual(['wanted/1 wanted/1'])
  receiver.connection.disconnect()
  await receiver.until(() => receiver.isClosed)
  await bothWays()
  await sender.publish('wanted/2')
  await bothWays()
  expect(sent.filter(([type]) => type === 'forward')).toHaveLength(2)
})

test('wills and events reach other doors', async () => {
  const { a, b } = await openWorld()
  const observer = await b('observer')
  await observer.subscribe('wills/+', '$aws/events/presence/+/lost')
  await bothWays()
  const lost = await a('lost', { will: { topic: 'wills/lost', payload: 'gone', qos: 1, retain: true } })
  lost.connection.destroy()
  expect(await observer.answer('disconnected/lost')).toMatchObject({
    disconnectReason: 'CONNECTION_LOST',
    sessionIdentifier: expect.stringMatching(/-0001/),
  })
  await observer.until(() => observer.heard.length === 3)
  expect(observer.heard).toContain('wills/lost gone')
  const late = await b('late')
  await late.subscribe('wills/lost')
  await late.until(() => late.heard.length > 0)
  expect(late.heard).toEqual(['wills/lost gone'])
})

test.each(['a', 'local'] as const)('a client id that connects at another door takes over there: from b to %s', async (to) => {
  const world = await openWorld()
  const { cloud, doors } = world
  const observer = await world.b('observer')
  await observer.subscribe('wills/+', '$aws/events/presence/disconnected/+')
  await bothWays()
  const first = await world.b('twin', { will: { topic: 'wills/twin', payload: 'gone', qos: 1, retain: false } })
  await first.subscribe('mine')
  await bothWays()
  const second = await world[to]('twin')
  await second.subscribe('mine')
  await first.until(() => first.isClosed)
  expect(await observer.answer('disconnected/twin')).toMatchObject({ disconnectReason: 'DUPLICATE_CLIENTID' })
  await observer.until(() => observer.heard.includes('wills/twin gone'))
  await bothWays()
  expect(cloud.bus.connection('twin')?.isConnected).toBe(true)
  expect(doors.connections).toBe(to === 'a' ? 2 : 1)
  cloud.bus.publish('mine', 'for the second')
  await second.until(() => second.heard.length > 0)
  const third = await world.b('twin')
  await second.until(() => second.isClosed)
  await bothWays()
  expect(third.isClosed).toBe(false)
})

test('of two doors that tell of the same client id the later connection stays', async () => {
  const { cloud } = newCloud()
  const doors = new RemoteDoors(cloud, () => 0)
  const sent: string[] = []
  const join = (name: string) =>
    doors.join({
      sendBatch: (batch: readonly ToDoor[]) => sent.push(...batch.map((message) => `${name} ${message.slice(0, 4).join(' ')}`)),
      address: { ip: name, port: 0 },
      onHung() {},
    })
  const [a, b] = [join('a'), join('b')]
  const connectedAt = (sinceMs: number): ToEngine => ['connected', 'twin', true, sinceMs, 30, '127.0.0.1', 1]
  a.receive([connectedAt(2)])
  b.receive([connectedAt(1)])
  b.receive([['disconnected', 'twin', 3, 'DUPLICATE_CLIENTID']])
  expect(cloud.bus.connection('twin')).toMatchObject({ isConnected: true, target: { ip: 'a' } })
  b.receive([connectedAt(4)])
  expect(cloud.bus.connection('twin')).toMatchObject({ isConnected: true, target: { ip: 'b' } })
  await bothWays()
  expect(sent).toEqual(['b end twin 1 DUPLICATE_CLIENTID', 'a end twin 2 DUPLICATE_CLIENTID'])
})

test('clients without an id never take over from one another', async () => {
  const { a, b, doors } = await openWorld()
  const clients = [await a(''), await b('')]
  await bothWays()
  expect(doors.connections).toBe(2)
  expect(clients.map(({ isClosed }) => isClosed)).toEqual([false, false])
})

test('a persistent session stays at its door, and ends an hour after its connection', async () => {
  const { cloud, clock, a, b } = await openWorld()
  const sender = await b('sender')
  const before = await a('sleeper', { clean: false })
  await before.subscribe('kept/+')
  before.connection.disconnect()
  await before.until(() => before.isClosed)
  await bothWays()
  await sender.publish('kept/1', 'one')
  cloud.bus.publish('kept/2', 'two')
  await bothWays()
  const after = await a('sleeper', { clean: false })
  await after.until(() => after.heard.length === 2)
  expect(after.heard.toSorted()).toEqual(['kept/1 one', 'kept/2 two'])
  after.connection.disconnect()
  await after.until(() => after.isClosed)
  await bothWays()
  expect(cloud.bus.wanted('kept/3')).toBe(true)
  expect(cloud.bus.connection('sleeper')).toEqual({
    isConnected: false,
    cleanSession: false,
    sinceMs: START_MS,
    keepAliveSec: 1200,
    disconnectReason: 'CLIENT_INITIATED_DISCONNECT',
  })
  await clock.run(() => clock.now() > START_MS + HOUR_MS)
  expect(cloud.bus.wanted('kept/3')).toBe(false)
  expect(cloud.bus.connection('sleeper')).toBe(undefined)
})

test('a session ends when its client connects at another door', async () => {
  const { cloud, a, b } = await openWorld()
  const before = await a('sleeper', { clean: false })
  await before.subscribe('kept/+')
  before.connection.disconnect()
  await before.until(() => before.isClosed)
  const after = await b('sleeper', { clean: false })
  await bothWays()
  expect(after.sessionPresent).toBe(false)
  expect(cloud.bus.wanted('kept/1')).toBe(false)
})

test('GetConnection and DeleteConnection find the door; ListSubscriptions does not know the client', async () => {
  const { cloud, a, b } = await openWorld()
  const client = await b('c1')
  await a('c2')
  await client.subscribe('x')
  await bothWays()
  const known = call(cloud, 'GetConnection', { clientId: 'c1' }, {}, 'includeSocketInformation=true')
  expect(known).toMatchObject({ connected: true, targetPort: 2, sourcePort: 1 })
  expect(() => call(cloud, 'ListSubscriptions', { clientId: 'c1' })).toThrow('not known')
  call(cloud, 'DeleteConnection', { clientId: 'c1' })
  await client.until(() => client.isClosed)
  await bothWays()
  expect(call(cloud, 'GetConnection', { clientId: 'c1' })).toMatchObject({ connected: false, disconnectReason: 'API_INITIATED_DISCONNECT' })
  expect(() => call(cloud, 'DeleteConnection', { clientId: 'c1' })).toThrow()
})

test('who follows connections is told of every one, and finds its state', async () => {
  const { cloud, a, b } = await openWorld()
  const told: string[] = []
  cloud.bus.onConnection((clientId) => told.push(`${clientId} ${cloud.bus.connection(clientId)?.isConnected}`))
  const one = await a('one')
  await b('two')
  one.connection.disconnect()
  await one.until(() => one.isClosed)
  await bothWays()
  expect(told.toSorted()).toEqual(['one false', 'one true', 'two true'])
})

test('a platform of OLT takes what is published at any door', async () => {
  const { cloud, b } = await openWorld()
  const ingested: string[] = []
  cloud.olt.ingest = (clientId, payload) => void ingested.push(`${clientId} ${String(payload)}`)
  const client = await b('gateway')
  await client.publish('data-ingest', '{}')
  await bothWays()
  expect(ingested).toEqual(['gateway {}'])
})

test('a request that meets a bug ends its connection, and the cloud is told', async () => {
  const bugs: unknown[] = []
  const onRequest = () => {
    throw new Error('broken')
  }
  const { cloud, a } = await openWorld({ onBug: (error) => bugs.push(error), onRequest })
  const client = await a('t1')
  await client.publish('$aws/things/t1/jobs/get', '{}')
  await client.until(() => client.isClosed)
  await bothWays()
  expect(bugs).toEqual([new Error('broken')])
  expect(cloud.bus.connection('t1')).toMatchObject({ isConnected: false, disconnectReason: 'SERVER_ERROR' })
})

test('a bug in a door is told with its stack', () => {
  const bugs: Error[] = []
  const { cloud } = newCloud({ onBug: (error) => bugs.push(error as Error) })
  const door = new RemoteDoors(cloud, () => 0).join({ sendBatch() {}, address: { ip: '', port: 0 }, onHung() {} })
  door.receive([['bug', 'Error: broken\n    at here']])
  expect(bugs.map(({ message }) => message)).toEqual(['Error: broken\n    at here'])
})

test('the clients of a door that is lost are gone', async () => {
  const { cloud, clock } = newCloud()
  const doors = new RemoteDoors(cloud, () => 0)
  const door = doors.join({ sendBatch() {}, address: { ip: '', port: 0 }, onHung() {} })
  door.receive([
    ['connected', 'c1', true, clock.now(), 30, '127.0.0.1', 1],
    ['subscribed', 'c1', ['$aws/things/c1/jobs/notify', '$aws/things/c2/jobs/notify', 'x']],
  ])
  const topics = ['$aws/things/c1/jobs/notify', '$aws/things/c2/jobs/notify', 'x']
  expect([doors.connections, ...topics.map((topic) => cloud.bus.wanted(topic))]).toEqual([1, true, true, true])
  door.lost()
  expect([doors.connections, ...topics.map((topic) => cloud.bus.wanted(topic))]).toEqual([0, false, false, false])
})
