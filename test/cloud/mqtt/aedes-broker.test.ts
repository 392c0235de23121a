import { MqttClient } from 'mqtt'
import { generate, parser } from 'mqtt-packet'
import type { Packet } from 'mqtt-packet'
import { duplexPair } from 'node:stream'
import { afterEach, describe, expect, test } from 'vitest'
import { Cloud } from '../../../src/cloud/cloud.ts'
import type { CloudOptions } from '../../../src/cloud/cloud.ts'
import type { LimitedOperation, Limits } from '../../../src/cloud/limits/limits.ts'
import { AedesBroker } from '../../../src/cloud/mqtt/aedes-broker.ts'
import { localEngine } from '../../../src/cloud/mqtt/mqtt-engine.ts'
import type { Peer } from '../../../src/cloud/mqtt/peer.ts'
import { FakeClock } from '../fake-context.ts'
import { FakeStore } from '../fake-store.ts'

/** What the door behind sockets does beyond what both doors do (doors.test.ts): waiting for the store, rates, the life of a WebSocket. */

const PEER: Peer = { principalIdentifier: 'AKIA', source: { ip: '10.0.0.1', port: 1 }, target: { ip: '10.0.0.2', port: 2 } }
const DAY_MS = 86_400_000

class World {
  readonly clock = new FakeClock()
  readonly cloud: Cloud
  readonly #broker: AedesBroker
  readonly #clients: MqttClient[] = []

  constructor(options: Partial<CloudOptions> = {}) {
    this.cloud = new Cloud({
      clock: this.clock,
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      url: 'http://127.0.0.1:4610',
      mqttEndpoint: '127.0.0.1:1883',
      ...options,
    })
    this.#broker = new AedesBroker(localEngine(this.cloud))
  }

  static async open(options: Partial<CloudOptions> = {}): Promise<World> {
    const world = new World(options)
    await world.#broker.open()
    opened.push(world)
    return world
  }

  /** Rejects when the connection is refused. */
  connect(clientId: string, peer: Partial<Peer> = {}): Promise<MqttClient> {
    const [near, far] = duplexPair()
    this.#broker.accept(far, { ...PEER, ...peer })
    far.once('close', () => near.destroy())
    near.once('close', () => far.destroy())
    const client = new MqttClient(() => near, { clientId, keepalive: 0, protocolVersion: 4, reconnectPeriod: 0 })
    this.#clients.push(client)
    return new Promise((resolve, reject) => {
      client.once('connect', () => resolve(client))
      client.on('error', reject)
    })
  }

  /** What the door answers to bytes that come in one piece: the names of the packets until the connection is silent or ends. */
  async answersTo(...packets: readonly Packet[]): Promise<readonly string[]> {
    const [near, far] = duplexPair()
    this.#broker.accept(far, PEER)
    const answers: string[] = []
    const parse = parser()
    parse.on('packet', (packet) => {
      if (packet.cmd === 'publish') answers.push(`${packet.topic} ${packet.qos}`)
      else answers.push(packet.cmd === 'puback' ? `puback ${packet.messageId}` : packet.cmd)
    })
    near.on('data', (bytes: Buffer) => parse.parse(bytes))
    far.once('close', () => answers.push('closed'))
    near.write(Buffer.concat(packets.map((packet) => generate(packet))))
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
    near.destroy()
    return answers
  }

  async close(): Promise<void> {
    await this.#broker.close()
    for (const client of this.#clients) client.end(true)
  }
}

const opened: World[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((world) => world.close()))
})

/** A store that is durable when the test says so. */
class SlowStore extends FakeStore {
  waits: { resolve: () => void; reject: (error: Error) => void }[] = []
  isSlow = false

  override durable(): undefined {
    if (!this.isSlow) return undefined
    const promise = new Promise<void>((resolve, reject) => this.waits.push({ resolve, reject }))
    return promise as unknown as undefined
  }
}

describe('a message is acknowledged', () => {
  test('when the store is durable, in the order of the messages, with the direct reply', async () => {
    const store = new SlowStore()
    const world = await World.open({ store })
    world.cloud.registry.addFleet('fleet', ['t1'])
    const client = await world.connect('t1')
    const seen: string[] = []
    client.on('message', (topic) => seen.push(topic))
    store.isSlow = true
    const done = ['$aws/things/t1/jobs/get', 'a'].map((topic, i) =>
      client.publishAsync(topic, '{}', { qos: 1, retain: i === 1 }).then(() => seen.push(`PUBACK ${topic}`)),
    )
    await expect.poll(() => store.waits.length).toBe(2)
    await new Promise((resolve) => setImmediate(resolve))
    expect(seen).toEqual([])
    store.isSlow = false
    for (const { resolve } of store.waits) resolve()
    await Promise.all(done)
    expect(seen.filter((what) => what.startsWith('PUBACK'))).toEqual(['PUBACK $aws/things/t1/jobs/get', 'PUBACK a'])
    await expect.poll(() => seen).toContain('$aws/things/t1/jobs/get/accepted')
    expect(Buffer.from(world.cloud.retained.get('a')!.payload).toString()).toBe('{}')
  })

  test('and at most 100 at a time wait for that, the others for them', async () => {
    const store = new SlowStore()
    const world = await World.open({ store })
    const client = await world.connect('t1')
    store.isSlow = true
    let acknowledged = 0
    for (let i = 0; i < 130; i++) client.publish('a', String(i), { qos: 1 }, () => (acknowledged += 1))
    await expect.poll(() => store.waits.length).toBe(100)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(store.waits).toHaveLength(100)
    for (const { resolve } of store.waits.splice(0, 10)) resolve()
    await expect.poll(() => [acknowledged, store.waits.length]).toEqual([10, 100])
    store.isSlow = false
    for (const { resolve } of store.waits) resolve()
    await expect.poll(() => acknowledged).toBe(130)
  })

  test('never, when the store fails: the connection ends', async () => {
    const store = new SlowStore()
    const world = await World.open({ store })
    const client = await world.connect('c1')
    store.isSlow = true
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
    client.publish('a', 'x', { qos: 1 }, () => {})
    await expect.poll(() => store.waits.length).toBe(1)
    store.isSlow = false
    store.waits[0]!.reject(new Error('the disk is full'))
    await closed
    expect(world.cloud.bus.connection('c1')).toMatchObject({ isConnected: false, disconnectReason: 'SERVER_ERROR' })
  })
})

describe('with limits', () => {
  class FakeLimits implements Limits {
    readonly asked: string[] = []
    refused: LimitedOperation | undefined
    admit(operation: LimitedOperation): boolean {
      this.asked.push(operation)
      return operation !== this.refused
    }
  }

  test('100 messages a second go through one connection, in and out together; the rest is discarded', async () => {
    const world = await World.open({ limits: new FakeLimits() })
    const [client, observer] = [await world.connect('c1'), await world.connect('c2')]
    const heard: string[] = []
    observer.on('message', (_topic, payload) => heard.push(payload.toString()))
    await observer.subscribeAsync('a', { qos: 0 })
    for (let i = 0; i < 120; i++) client.publish('a', String(i))
    await expect.poll(() => heard.length).toBe(100)
    client.publish('a', 'lost')
    await client.subscribeAsync('barrier')
    world.clock.run(1000)
    await client.publishAsync('a', 'next', { qos: 1 })
    await expect.poll(() => heard.at(-1)).toBe('next')
    expect(heard).not.toContain('lost')
  })

  test('512 KiB a second go through one connection, in and out together, after a burst of as much; the rest is delayed', async () => {
    const world = await World.open({ limits: new FakeLimits() })
    const client = await world.connect('c1')
    const heard: string[] = []
    client.on('message', (_topic, payload) => heard.push(payload.subarray(0, 1).toString()))
    await client.subscribeAsync('out', { qos: 1 })
    const acknowledged: number[] = []
    for (let i = 0; i < 3; i++) client.publish('in', Buffer.alloc(100_000), { qos: 1 }, () => acknowledged.push(i))
    await expect.poll(() => acknowledged).toEqual([0, 1, 2])
    for (let i = 3; i < 8; i++) world.cloud.bus.publish('out', String(i).repeat(100_000))
    await expect.poll(() => heard).toEqual(['3', '4', '5'])
    client.publish('in', 'small', { qos: 1 }, () => acknowledged.push(8))
    await new Promise((resolve) => setTimeout(resolve, 20))
    world.clock.run(100)
    expect([heard.length, acknowledged.length]).toEqual([3, 3])
    world.clock.run(200)
    await expect.poll(() => [heard, acknowledged.at(-1)]).toEqual([['3', '4', '5', '6'], 8])
    world.clock.run(1000)
    await expect.poll(() => heard.at(-1)).toBe('7')
  })

  test('a client id connects once a second', async () => {
    const world = await World.open({ limits: new FakeLimits() })
    await world.connect('c1')
    await expect(world.connect('c1')).rejects.toMatchObject({ code: 3 })
    await world.connect('c2')
    world.clock.run(1000)
    expect((await world.connect('c1')).connected).toBe(true)
  })

  test('the account has rates for connections, subscriptions and messages', async () => {
    const limits = new FakeLimits()
    const world = await World.open({ limits })
    const client = await world.connect('c1')
    await client.subscribeAsync('a')
    const heard = new Promise<void>((resolve) => client.once('message', () => resolve()))
    await client.publishAsync('a', 'x')
    await heard
    expect(limits.asked).toEqual(['mqtt:Connect', 'mqtt:Subscribe', 'mqtt:PublishIn', 'mqtt:PublishOut'])
    limits.refused = 'mqtt:Connect'
    await expect(world.connect('c2')).rejects.toMatchObject({ code: 3 })
  })
})

test('a WebSocket lives for a day', async () => {
  const world = await World.open()
  const plain = await world.connect('plain')
  const client = await world.connect('ws', { isWebSocket: true })
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
  world.clock.run(DAY_MS - 1)
  await client.publishAsync('a', 'x', { qos: 1 })
  world.clock.run(1)
  await closed
  expect(plain.connected).toBe(true)
  await expect.poll(() => world.cloud.bus.connection('ws')).toMatchObject({ isConnected: false, disconnectReason: 'WEBSOCKET_TTL_EXPIRATION' })
})

describe('packets that come in one piece', () => {
  const GET = '$aws/things/t1/jobs/get'
  const subscribe: Packet = { cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: `${GET}/+`, qos: 1 }] }
  const request: Packet = { cmd: 'publish', topic: GET, payload: '{}', qos: 1, messageId: 2, retain: false, dup: false }
  const hello = (clean: boolean): Packet => ({ cmd: 'connect', clientId: 'c1', protocolId: 'MQTT', protocolVersion: 4, clean, keepalive: 30 })

  test.each([true, false])('are taken in their order, behind the CONNECT (clean session: %j)', async (clean) => {
    const world = await World.open()
    const answers = await world.answersTo(hello(clean), subscribe, request, { cmd: 'pingreq' })
    expect(answers.filter((answer) => answer !== 'pingresp')).toEqual(['connack', 'suback', 'puback 2', `${GET}/rejected 1`])
    expect(answers).toContain('pingresp')
  })

  test('a request before the CONNECT ends the connection, unanswered', async () => {
    const world = await World.open()
    expect(await world.answersTo(request, hello(true))).toEqual(['closed'])
  })

  test('PUBACKs keep the order of the messages, whether a service answers or not', async () => {
    const world = await World.open()
    const other: Packet = { cmd: 'publish', topic: 'a', payload: '', qos: 1, messageId: 3, retain: false, dup: false }
    const answers = await world.answersTo(hello(true), request, other, { ...request, messageId: 4 })
    expect(answers.filter((answer) => answer.startsWith('puback'))).toEqual(['puback 2', 'puback 3', 'puback 4'])
    expect(answers.filter((answer) => answer === `${GET}/rejected 0`)).toHaveLength(2)
  })
})
