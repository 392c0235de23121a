import { Aedes } from 'aedes'
import type { AedesPublishPacket, AuthenticateError, Client, PublishPacket, Subscription } from 'aedes'
import type { Socket } from 'node:net'
import type { Payload } from '../../ports/mqtt.ts'
import type { Cloud } from '../cloud.ts'
import { AedesEmitter } from './aedes-emitter.ts'
import { inspectPackets, keepAsAws, subscriptionsOf } from './aedes-internals.ts'
import type { ClientPacket } from './aedes-internals.ts'
import type { BusDoor } from './bus.ts'
import {
  clampKeepAlive,
  isClientIdAllowed,
  isFilterAllowed,
  MAX_FILTERS_PER_SUBSCRIBE,
  MAX_SUBSCRIPTIONS,
  publishProblem,
  SUBSCRIPTION_REFUSED,
} from './limits.ts'
import { announceConnected, announceDisconnected } from './presence.ts'
import type { DisconnectReason } from './presence.ts'
import { reservedRequest } from './reserved.ts'
import type { DirectReply } from './reserved.ts'
import { matches } from './topic-filter.ts'

/** Packets that a client may send before its CONNACK. */
const QUEUE_LIMIT = 1000
/** A subscriber that left this much unread is dropped, so that a stopped observer takes neither the memory nor the fleet with it. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024
/** CONNACK: identifier rejected (MQTT 3.1.1 §3.2.2.3). */
const IDENTIFIER_REJECTED = 2
/** Where a request ends that was answered here: nobody can subscribe to it. */
const ANSWERED = '$answered'

type Done = (error?: Error | null) => void

/** The MQTT door behind sockets: aedes, taught what the AWS broker does differently (reference §8.1). */
export class AedesBroker implements BusDoor {
  readonly #cloud: Cloud
  readonly #emitter = new AedesEmitter()
  readonly #broker: Aedes
  /** Connected clients by id, each with its number among all connections. */
  readonly #clients = new Map<string, { readonly client: Client; readonly serial: number }>()
  readonly #reasons = new WeakMap<Client, DisconnectReason>()
  #detach = (): void => {}
  #forgetRetained = (): void => {}
  #accepted = 0
  #hasPersistentSessions = false
  #isClosing = false

  constructor(cloud: Cloud) {
    this.#cloud = cloud
    this.#broker = new Aedes({ mq: this.#emitter, concurrency: 0, queueLimit: QUEUE_LIMIT })
    this.#emitter.countWith(this.#broker)
    this.#broker.preConnect = (_client, packet, done) => {
      packet.keepalive = clampKeepAlive(packet.keepalive ?? 0)
      this.#hasPersistentSessions ||= packet.clean === false
      done(null, true)
    }
    this.#broker.authenticate = (client, _username, _password, done) => this.#admit(client, done)
    this.#broker.authorizeSubscribe = (client, subscription, done) => done(null, isGranted(client, subscription) ? subscription : null)
    this.#broker.authorizePublish = (client, packet, done) => this.#take(client, packet, done)
    this.#broker.authorizeForward = (client, packet) => this.#forward(client, packet)
    this.#broker.on('client', (client) => this.#welcome(client))
    this.#broker.on('subscribe', closeWhenFull)
    this.#broker.on('keepaliveTimeout', (client) => this.#reasons.set(client, 'MQTT_KEEP_ALIVE_TIMEOUT'))
  }

  get connections(): number {
    return this.#clients.size
  }

  async open(): Promise<void> {
    await this.#broker.listen()
    this.#forgetRetained = keepAsAws(this.#broker)
    this.#detach = this.#cloud.bus.attach(this)
  }

  /** Serves one connection. */
  accept(socket: Socket): void {
    const client = this.#broker.handle(socket)
    inspectPackets(client, (packet) => !socket.destroyed && this.#isTaken(client, packet))
    socket.once('close', () => this.#leave(client))
  }

  wanted(topic: string): boolean {
    return this.#hasPersistentSessions || this.#emitter.wanted(topic)
  }

  publish(topic: string, payload: Payload, qos: 0 | 1): void {
    this.#broker.publish(message(topic, payload, qos), ignore)
  }

  forgetRetained(): void {
    this.#forgetRetained()
  }

  /** Leaves the bus and ends aedes. Publishes no wills: it is the cloud that goes, not the clients. */
  close(): Promise<void> {
    this.#isClosing = true
    this.#detach()
    this.#emitter.stop()
    return new Promise((resolve) => this.#broker.close(() => resolve()))
  }

  /** A second client with the same id takes over: the first one is closed, and its will published (MQTT 3.1.1 §3.1.4-2). */
  #admit(client: Client, done: (error: AuthenticateError | null, isAdmitted: boolean | null) => void): void {
    if (!isClientIdAllowed(client.id)) {
      done(Object.assign(new Error('the client id is too long'), { returnCode: IDENTIFIER_REJECTED }), null)
      return
    }
    const old = this.#clients.get(client.id)?.client
    if (!old || old.closed) return done(null, true)
    this.#reasons.set(old, 'DUPLICATE_CLIENTID')
    old.close(() => done(null, true))
  }

  #welcome(client: Client): void {
    this.#accepted += 1
    this.#clients.set(client.id, { client, serial: this.#accepted })
    announceConnected(this.#cloud, client.id, this.#accepted, (client.conn as Socket).remoteAddress ?? '')
  }

  #leave(client: Client): void {
    const known = this.#clients.get(client.id)
    if (known?.client !== client) return
    this.#clients.delete(client.id)
    if (!this.#isClosing) announceDisconnected(this.#cloud, client.id, known.serial, this.#reasons.get(client) ?? 'CONNECTION_LOST')
  }

  #isTaken(client: Client, packet: ClientPacket): boolean {
    if (packet.cmd === 'disconnect') this.#reasons.set(client, 'CLIENT_INITIATED_DISCONNECT')
    if (packet.cmd === 'publish') {
      const problem = publishProblem(packet.topic!, packet.payload!)
      if (problem !== undefined) this.#drop(client)
      return problem === undefined && packet.qos !== 2
    }
    if (packet.cmd !== 'subscribe') return true
    if (packet.subscriptions!.length > MAX_FILTERS_PER_SUBSCRIBE) this.#drop(client)
    return packet.subscriptions!.length <= MAX_FILTERS_PER_SUBSCRIBE && packet.subscriptions!.every(({ qos }) => qos !== 2)
  }

  #drop(client: Client): void {
    this.#reasons.set(client, 'CLIENT_ERROR')
    client.conn.destroy()
  }

  /** Of a client that is closed already, or gone, `packet` is the will: that cannot be a request. */
  #take(client: Client | null, packet: PublishPacket, done: Done): void {
    if (this.#isClosing) return done(new Error('the cloud is closing'))
    if (!packet.topic.startsWith('$')) return done(publishProblem(packet.topic, packet.payload) === undefined ? null : new Error('bad will'))
    if (!client || client.closed) return done(new Error(`a will may not go to ${packet.topic}`))
    const answer = packet.retain ? 'refused' : reservedRequest(this.#cloud, packet.topic, packet.payload)
    if (answer === 'refused') {
      this.#reasons.set(client, 'CLIENT_ERROR')
      return done(new Error(`clients may not publish to ${packet.topic}`))
    }
    this.#reply(client, packet, answer, done)
  }

  /** PUBACK and replies in one write. The request itself goes nowhere. */
  #reply(client: Client, request: PublishPacket, replies: readonly DirectReply[], done: Done): void {
    request.topic = ANSWERED
    client.conn.cork()
    done(null)
    // After the PUBACK is written there is nothing of this message that aedes would have to keep for others.
    request.qos = 0
    for (const { topic, payload } of replies) client.publish(message(topic, payload, replyQos(client, topic)), ignore)
    setImmediate(() => client.conn.uncork())
  }

  #forward(client: Client, packet: AedesPublishPacket): AedesPublishPacket | null {
    this.#emitter.forwarded(packet)
    if (client.conn.writableLength <= MAX_UNREAD_BYTES) return packet
    client.conn.destroy()
    return null
  }
}

function isGranted(client: Client, { topic }: Subscription): boolean {
  const subscriptions = subscriptionsOf(client)
  return isFilterAllowed(topic) && (topic in subscriptions || Object.keys(subscriptions).length < MAX_SUBSCRIPTIONS)
}

/** AWS refuses a subscription too many and then closes. */
function closeWhenFull(subscriptions: readonly Subscription[], client: Client): void {
  const wasRefused = subscriptions.some(({ qos }) => (qos as number) === SUBSCRIPTION_REFUSED)
  if (wasRefused && Object.keys(subscriptionsOf(client)).length >= MAX_SUBSCRIPTIONS) setImmediate(() => client.close())
}

/** The QoS of a direct reply: that of the client's own subscription, and 0 without one (reference §1.3). */
function replyQos(client: Client, topic: string): 0 | 1 {
  const subscriptions = subscriptionsOf(client)
  for (const filter in subscriptions) if (subscriptions[filter]!.qos > 0 && matches(filter, topic)) return 1
  return 0
}

function message(topic: string, payload: Payload, qos: 0 | 1): PublishPacket {
  return { cmd: 'publish', topic, payload: typeof payload === 'string' ? payload : Buffer.from(payload), qos, dup: false, retain: false }
}

function ignore(): void {}
