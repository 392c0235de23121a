import { MqttClient } from 'mqtt'
import { duplexPair } from 'node:stream'
import { deserialize, serialize } from 'node:v8'
import { VirtualClock } from '../../../src/clock/virtual.ts'
import { Cloud } from '../../../src/cloud/cloud.ts'
import type { CloudOptions } from '../../../src/cloud/cloud.ts'
import type { Clock } from '../../../src/ports/clock.ts'
import type { CloudRequest } from '../../../src/ports/cloud-requests.ts'
import { operations } from '../../../src/cloud/http/operations.ts'
import { AedesBroker } from '../../../src/cloud/mqtt/aedes-broker.ts'
import { localEngine } from '../../../src/cloud/mqtt/mqtt-engine.ts'
import type { MqttEngine } from '../../../src/cloud/mqtt/mqtt-engine.ts'
import type { SendBatch } from '../../../src/cloud/mqtt/remote/outlet.ts'
import { RemoteDoors } from '../../../src/cloud/mqtt/remote/remote-doors.ts'
import { RemoteEngine } from '../../../src/cloud/mqtt/remote/remote-engine.ts'
import { MemoryDoor } from '../../../src/cloud/mqtt/memory-door.ts'
import type { MqttConnection, MqttConnectOptions, MqttHandler, MqttSubscription, MqttTransport, Payload } from '../../../src/ports/mqtt.ts'

/** A door may wait so long before it tells the engine of a connection (outlet.ts), with some to spare. */
const LAZY_MS = 10
/** From then until it is received (`apart`). */
const TURNS_OF_A_BATCH = 3

export const START_MS = Date.UTC(2026, 0, 1)

/** A cloud with one MQTT door, and clients of it that keep what they hear. */
export interface World {
  readonly cloud: Cloud
  readonly clock: VirtualClock
  readonly requests: CloudRequest[]
  readonly connect: (clientId: string, options?: Partial<MqttConnectOptions>) => Promise<TestClient>
  /** The cloud knows what its door knows, and the other way round. */
  readonly settled: () => Promise<void>
  readonly close: () => Promise<void>
}

export const DOORS: readonly { readonly name: string; readonly open: (options?: Partial<CloudOptions>) => Promise<World> }[] = [
  {
    name: 'the memory door',
    async open(options) {
      const { cloud, clock, requests } = newCloud(options)
      const door = new MemoryDoor(cloud)
      return { cloud, clock, requests, connect: connectBy(door), settled: async () => {}, close: async () => door.close() }
    },
  },
  {
    name: 'the aedes door',
    async open(options) {
      const { cloud, clock, requests } = newCloud(options)
      const { connect, close } = await openBroker(localEngine(cloud))
      return { cloud, clock, requests, connect, settled: async () => {}, close }
    },
  },
  {
    name: 'the aedes door away from its engine',
    async open(options) {
      const { cloud, clock, requests } = newCloud(options)
      const { connect, close } = await openBroker(remoteEngine(new RemoteDoors(cloud, () => 0), clock))
      return { cloud, clock, requests, connect, settled: bothWays, close }
    },
  },
]

class TestClient implements MqttHandler {
  readonly id: string
  /** Every message as `topic payload`, in order. */
  readonly heard: string[] = []
  isClosed = false
  connection!: MqttConnection
  sessionPresent: boolean | undefined
  #waiting: (() => void)[] = []
  readonly #granted: (readonly number[])[] = []
  #published = 0
  #markers = 0

  constructor(id: string) {
    this.id = id
  }

  onConnected(sessionPresent: boolean): void {
    this.sessionPresent = sessionPresent
    this.#wake()
  }
  onSubscribed(granted: readonly number[]): void {
    this.#granted.push(granted)
    this.#wake()
  }
  onPublished(): void {
    this.#published += 1
    this.#wake()
  }
  onMessage(topic: string, payload: Payload): void {
    this.heard.push(`${topic} ${typeof payload === 'string' ? payload : Buffer.from(payload).toString()}`)
    this.#wake()
  }
  onClosed(): void {
    this.isClosed = true
    this.#wake()
  }

  async subscribe(...filters: readonly (string | MqttSubscription)[]): Promise<readonly number[]> {
    this.connection.subscribe(filters.map((filter) => (typeof filter === 'string' ? { filter, qos: 1 } : filter)))
    await this.until(() => this.#granted.length > 0 || this.isClosed)
    return this.#granted.shift() ?? []
  }

  /** At QoS 1; resolves with the PUBACK, or when the connection closed instead. */
  async publish(topic: string, payload: Payload = '', retain = false): Promise<void> {
    const before = this.#published
    this.connection.publish(topic, payload, 1, retain)
    await this.until(() => this.#published > before || this.isClosed)
  }

  /** The messages on topics that end so, parsed. */
  async answer(topicEnd: string): Promise<Record<string, any>> {
    const find = () => this.heard.find((message) => message.split(' ')[0]!.endsWith(topicEnd))
    await this.until(() => find() !== undefined || this.isClosed)
    return JSON.parse(find()!.slice(find()!.indexOf(' ') + 1)) as Record<string, any>
  }

  /** What was heard by the time a message of its own came round, on topics only, and forgets it. */
  async topics(): Promise<string[]> {
    const marker = `marker/${this.id}/${(this.#markers += 1)}`
    await this.subscribe(marker)
    await this.publish(marker)
    await this.until(() => this.heard.some((message) => message.startsWith(marker)))
    const topics = this.heard.map((message) => message.split(' ')[0]!).filter((topic) => topic !== marker)
    this.heard.length = 0
    return topics
  }

  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}

/** Calls an operation as its HTTP route would. */
export function call(cloud: Cloud, name: string, params: Record<string, string>, body: Record<string, unknown> | string = {}, query = ''): any {
  const operation = operations.find((candidate) => candidate.name === name)!
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  const parsed = typeof body === 'string' ? {} : body
  return operation.run(cloud, { params, query: new URLSearchParams(query), headers: {}, body: parsed, bytes, region: 'us-east-1' })
}

export function createThings(cloud: Cloud, ...things: readonly string[]): void {
  for (const thingName of things) call(cloud, 'CreateThing', { thingName })
}

export function createJob(cloud: Cloud, jobId: string, ...things: readonly string[]): void {
  const targets = things.map((thing) => `arn:aws:iot:us-east-1:${cloud.account}:thing/${thing}`)
  call(cloud, 'CreateJob', { jobId }, { targets, document: `{"job":"${jobId}"}` })
}

export function newCloud(options: Partial<CloudOptions> = {}): { cloud: Cloud; clock: VirtualClock; requests: CloudRequest[] } {
  const clock = new VirtualClock(START_MS)
  const requests: CloudRequest[] = []
  const cloud = new Cloud({
    clock,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    url: 'http://127.0.0.1:4610',
    mqttEndpoint: '127.0.0.1:1883',
    onRequest: (request) => requests.push(request),
    ...options,
  })
  return { cloud, clock, requests }
}

export async function openBroker(engine: MqttEngine): Promise<Pick<World, 'connect' | 'close'>> {
  const broker = new AedesBroker(engine)
  await broker.open()
  const transport = new PairTransport(broker)
  const close = async () => {
    await broker.close()
    transport.end()
  }
  return { connect: connectBy(transport), close }
}

/** What a door in another process has of the engine, and what that has of the door, as if they were apart. */
export function remoteEngine(doors: RemoteDoors, clock: Clock, doorNumber = 1): RemoteEngine {
  const engine = new RemoteEngine(
    clock,
    doorNumber,
    apart((batch) => door.receive(batch)),
  )
  const door = doors.join({ sendBatch: apart((batch) => engine.receive(batch)), address: { ip: '127.0.0.1', port: doorNumber }, onHung() {} })
  return engine
}

/** As child_process does it: a turn later, and copied. */
function apart<M>(receive: (batch: readonly M[]) => void): SendBatch<M> {
  return (batch, taken) => {
    setImmediate(() => {
      taken()
      receive(deserialize(serialize(batch)) as readonly M[])
    })
  }
}

/** What one side has told by now the other one has heard, and the answers, too. */
export async function bothWays(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, LAZY_MS))
  for (let turns = 0; turns < 2 * TURNS_OF_A_BATCH; turns++) await new Promise((resolve) => setImmediate(resolve))
}

function connectBy(transport: MqttTransport): World['connect'] {
  return async (clientId, options = {}) => {
    const client = new TestClient(clientId)
    client.connection = transport.connect({ clientId, clean: true, keepAliveSeconds: 0, ...options }, client)
    await client.until(() => client.sessionPresent !== undefined || client.isClosed)
    return client
  }
}

const PEER = { principalIdentifier: 'none', source: { ip: '127.0.0.1', port: 1 }, target: { ip: '127.0.0.1', port: 2 } }

/** MQTT.js against the broker over a pair of streams. */
class PairTransport implements MqttTransport {
  readonly #broker: AedesBroker
  readonly #clients: MqttClient[] = []

  constructor(broker: AedesBroker) {
    this.#broker = broker
  }

  connect(options: MqttConnectOptions, handler: MqttHandler): MqttConnection {
    const [near, far] = duplexPair()
    this.#broker.accept(far, PEER)
    // A pair does not close its other end, as a socket would.
    far.once('close', () => near.destroy())
    near.once('close', () => far.destroy())
    const client = new MqttClient(() => near, {
      clientId: options.clientId,
      clean: options.clean,
      keepalive: options.keepAliveSeconds,
      protocolVersion: 4,
      reconnectPeriod: 0,
      resubscribe: false,
      ...(options.will && { will: { ...options.will, payload: Buffer.from(options.will.payload as string) } }),
    })
    this.#clients.push(client)
    client.on('connect', ({ sessionPresent }) => handler.onConnected(sessionPresent))
    client.on('message', (topic, payload) => handler.onMessage(topic, payload))
    client.on('error', () => {})
    client.on('close', () => handler.onClosed('closed'))
    return {
      subscribe: (subscriptions) =>
        client.subscribe(Object.fromEntries(subscriptions.map(({ filter, qos }) => [filter, { qos }])), (_error, _granted, packet) => {
          if (packet) handler.onSubscribed(packet.granted as number[])
        }),
      unsubscribe: (filters) => void client.unsubscribe([...filters]),
      publish: (topic, payload, qos, retain = false) =>
        void client.publish(topic, Buffer.from(payload as string), { qos, retain }, (error) => {
          if (!error && qos === 1) handler.onPublished()
        }),
      disconnect: () => void client.end(),
      destroy: () => void near.destroy(),
    }
  }

  end(): void {
    for (const client of this.#clients) client.end(true)
  }
}
