import { Aedes } from 'aedes'
import type { AedesPublishPacket, AuthenticateError, Client, ConnectPacket } from 'aedes'
import type { Duplex } from 'node:stream'
import type { Payload } from '../../ports/mqtt.ts'
import type { RetainedMessage } from '../messages/retained-messages.ts'
import * as connecting from './aedes-connect.ts'
import { AedesConnection } from './aedes-connection.ts'
import { AedesEmitter } from './aedes-emitter.ts'
import { AedesInbox, message } from './aedes-inbox.ts'
import {
  deliver,
  inspectPackets,
  interceptDelivery,
  isDuplicate,
  resume,
  subscriptionsOf,
  withoutEndWatch,
  withoutSystemTopics,
  withoutWill,
} from './aedes-internals.ts'
import { AedesPackets, QUEUE_LIMIT } from './aedes-packets.ts'
import { AedesSubscriptions } from './aedes-subscriptions.ts'
import type { BusDoor, ClientSubscription, ConnectionState, DisconnectOptions } from './bus.ts'
import { REASON_OF_WITHDRAWN_CERTIFICATE } from './choices.ts'
import { ConnectRules, NOT_AUTHORIZED } from './connect-rules.ts'
import { clampKeepAlive, MAX_WEBSOCKET_MS } from './limits.ts'
import type { MqttEngine } from './mqtt-engine.ts'
import type { OutgoingMessage } from './outbox.ts'
import type { Peer } from './peer.ts'
import { announceConnected, announceDisconnected, announceRefused } from './presence.ts'
import type { DisconnectReason } from './presence.ts'
import { replay } from './replay.ts'
import type { DirectReply } from './reserved.ts'
import { SessionStore } from './session-store.ts'

/** A subscriber that left this much unread is dropped, so that a stopped observer takes neither the memory nor the fleet with it. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024
/** Of MQTT 3.1: 3.1.1 has none. */
const MAX_ID_LENGTH = 128

/**
 * The MQTT door behind sockets, whichever ports they came through: aedes, taught what the AWS broker does differently (reference §8.1).
 *
 * Differs from AWS: MQTT 5 is missing; persistent sessions end with the process.
 */
export class AedesBroker implements BusDoor {
  readonly #cloud: MqttEngine
  readonly #emitter = new AedesEmitter()
  readonly #sessions: SessionStore
  readonly #rules: ConnectRules
  readonly #inbox: AedesInbox
  readonly #subscriptions: AedesSubscriptions
  readonly #packets: AedesPackets
  readonly #broker: Aedes
  readonly #connections = new WeakMap<Client, AedesConnection>()
  /** Admitted connections by client id. */
  readonly #live = new Map<string, AedesConnection>()
  #detach = (): void => {}
  #lastSerial: number
  #isClosing = false

  constructor(cloud: MqttEngine) {
    this.#cloud = cloud
    this.#lastSerial = cloud.firstSerial
    this.#sessions = new SessionStore(cloud.clock, cloud.retained)
    this.#rules = new ConnectRules(cloud)
    this.#inbox = new AedesInbox(cloud, {
      isClosing: () => this.#isClosing,
      connectionOf: (client) => this.#of(client),
      blame: (client, reason) => this.#blame(client, reason),
      drop: (client, reason) => this.#drop(client, reason),
      reply: (connection, reply) => this.#reply(connection, reply),
    })
    this.#subscriptions = new AedesSubscriptions(cloud, this.#emitter, this.#sessions, {
      deliver: (connection, packet, qos) => this.#deliver(connection, packet, qos),
      end: (connection, reason) => this.#end(connection, reason),
    })
    this.#packets = new AedesPackets(cloud, this.#inbox, this.#subscriptions, {
      connect: (connection, packet) => this.#connect(connection, packet),
      blame: (client, reason) => this.#blame(client, reason),
      drop: (client, reason) => this.#drop(client, reason),
    })
    const aedes = { mq: this.#emitter, persistence: this.#sessions, concurrency: 0, queueLimit: QUEUE_LIMIT, maxClientsIdLength: MAX_ID_LENGTH }
    this.#broker = new Aedes(aedes)
    this.#emitter.countWith(this.#broker)
    withoutSystemTopics(this.#broker)
    this.#broker.preConnect = (client, packet, done) => {
      this.#prepare(this.#of(client), packet)
      done(null, true)
    }
    this.#broker.authenticate = (client, _username, _password, done) => this.#authenticate(this.#of(client), done)
    this.#broker.authorizeSubscribe = (client, subscription, done) =>
      done(null, this.#subscriptions.isGranted(this.#of(client), subscription) ? subscription : null)
    this.#broker.authorizePublish = (client, packet, done) => this.#inbox.take(client, packet, done)
    this.#broker.on('client', (client) => this.#welcome(this.#of(client)))
    this.#broker.on('clientReady', (client) => this.#begin(this.#of(client)))
    this.#broker.on('subscribe', (subscriptions, client) => this.#subscriptions.subscribed(this.#of(client), subscriptions))
    this.#broker.on('unsubscribe', (filters, client) => this.#subscriptions.unsubscribed(this.#of(client), filters))
    this.#broker.on('keepaliveTimeout', (client) => this.#blame(client, 'MQTT_KEEP_ALIVE_TIMEOUT'))
  }

  get connections(): number {
    return this.#live.size
  }

  async open(): Promise<void> {
    await this.#broker.listen()
    this.#detach = this.#cloud.bus.attach(this)
    this.#cloud.identities.onWithdrawn((certificateId) => this.#withdraw(certificateId))
  }

  /** Serves one connection. Returns how to say that the client said goodbye in another way than by DISCONNECT. */
  accept(stream: Duplex, peer: Peer): () => void {
    this.#lastSerial += 1
    const client = this.#broker.handle(stream)
    const connection = new AedesConnection(this.#cloud, client, peer, this.#lastSerial, this.#sessions)
    this.#connections.set(client, connection)
    interceptDelivery(client, (packet, qos) => this.#deliver(connection, packet, qos))
    inspectPackets(client, connection, this.#packets)
    withoutEndWatch(client)
    stream.once('close', () => {
      client.close()
      this.#leave(connection)
    })
    if (peer.isWebSocket) {
      const { clock } = this.#cloud
      clock.wake(clock.now() + MAX_WEBSOCKET_MS, { wake: () => this.#drop(client, 'WEBSOCKET_TTL_EXPIRATION') }, 0)
    }
    return () => {
      withoutWill(client)
      this.#blame(client, 'CLIENT_INITIATED_DISCONNECT')
    }
  }

  wanted(topic: string): boolean {
    return this.#emitter.wanted(topic) || this.#sessions.wanted(topic)
  }

  publish(topic: string, payload: Payload, qos: 0 | 1): void {
    this.#broker.publish(message(topic, payload, qos), ignore)
  }

  disconnect(clientId: string, { cleanSession, preventWillMessage, reason = 'API_INITIATED_DISCONNECT' }: DisconnectOptions): boolean {
    const connection = this.#live.get(clientId)
    if (!connection) return false
    if (preventWillMessage) withoutWill(connection.client)
    this.#end(connection, reason)
    if (cleanSession) this.#sessions.forgetSession(clientId)
    return true
  }

  connection(clientId: string): ConnectionState | undefined {
    const record = this.#sessions.get(clientId)
    if (!record) return undefined
    const { isConnected, clean, sinceMs, reason, keepAliveSec, thingName, peer } = record
    const common = { isConnected, cleanSession: clean, sinceMs, thingName, keepAliveSec }
    return isConnected ? { ...common, source: peer?.source, target: peer?.target } : { ...common, disconnectReason: reason }
  }

  subscriptions(clientId: string): readonly ClientSubscription[] | undefined {
    const live = this.#live.get(clientId)
    if (live) return Object.entries(subscriptionsOf(live.client)).map(([filter, { qos }]) => ({ filter, qos: qos as 0 | 1 }))
    const record = this.#sessions.get(clientId)
    return record && !record.clean ? [...record.filters].map(([filter, qos]) => ({ filter, qos })) : undefined
  }

  deliverRetained(clientId: string, { topic, payload, qos }: RetainedMessage): void {
    const connection = this.#live.get(clientId)
    if (connection) deliver(connection.client, { ...message(topic, payload, qos), retain: true } as AedesPublishPacket)
  }

  /** Leaves the bus and ends aedes. Publishes no wills: it is the cloud that goes, not the clients. */
  close(): Promise<void> {
    this.#isClosing = true
    this.#detach()
    this.#emitter.stop()
    return new Promise((resolve) => this.#broker.close(() => resolve()))
  }

  #of(client: Client): AedesConnection {
    return this.#connections.get(client)!
  }

  #prepare(connection: AedesConnection, packet: ConnectPacket): void {
    const { clientId, will } = packet
    packet.keepalive = clampKeepAlive(packet.keepalive ?? 0)
    if (will?.qos === 2) will.qos = 1
    connection.asked = { hasClientId: clientId !== '', clean: packet.clean !== false, keepAliveSec: packet.keepalive, will }
    if (clientId === '') packet.clientId = `$GEN/${connection.serial}`
  }

  /** Whether the client is connected, or refused, without aedes. */
  #connect(connection: AedesConnection, packet: ConnectPacket): boolean {
    if (!connecting.isSimple(packet)) return false
    const { client } = connection
    this.#prepare(connection, packet)
    connecting.begin(client, packet)
    this.#admit(connection, (returnCode) => {
      if (returnCode !== undefined) connecting.refuse(client, returnCode)
      else if (!client.closed && !this.#isClosing) connecting.finish(client, connection.asked!.keepAliveSec)
    })
    return true
  }

  #authenticate(connection: AedesConnection, done: (error: AuthenticateError | null, isAdmitted: boolean | null) => void): void {
    this.#admit(connection, (returnCode) => {
      if (returnCode === undefined) done(null, true)
      else done(Object.assign(new Error('the connection is refused'), { returnCode }) as AuthenticateError, null)
    })
  }

  /** A second client with the same id takes over: the first one is closed, and its will published (MQTT 3.1.1 §3.1.4-2). */
  #admit(connection: AedesConnection, answer: (returnCode: number | undefined) => void): void {
    const { client, peer, serial } = connection
    connection.identify(client.id)
    const returnCode = this.#rules.refusal(connection, client.id)
    if (returnCode === NOT_AUTHORIZED) announceRefused(this.#cloud, client.id, serial, peer.source.ip, connection.who)
    const old = returnCode === undefined ? this.#live.get(client.id) : undefined
    if (old) this.#end(old, 'DUPLICATE_CLIENTID', () => answer(undefined))
    else answer(returnCode)
  }

  #welcome(connection: AedesConnection): void {
    const { client, serial, peer } = connection
    connection.admitted(this.#sessions.connected(client.id, connection.asked!.clean))
    this.#live.set(client.id, connection)
    announceConnected(this.#cloud, client.id, serial, peer.source.ip, connection.who)
  }

  /** From here on the client gets and sends messages. */
  #begin(connection: AedesConnection): void {
    const { client, missed, early } = connection
    replay(this.#cloud.clock, client, missed)
    connection.early = undefined
    if (early) resume(client, early)
  }

  #leave(connection: AedesConnection): void {
    const { client, record, serial, who, reason = 'CONNECTION_LOST' } = connection
    if (!record || this.#live.get(client.id) !== connection) return
    this.#live.delete(client.id)
    record.reason = reason
    this.#sessions.disconnected(record)
    if (!this.#isClosing) announceDisconnected(this.#cloud, client.id, serial, reason, who)
  }

  #deliver(connection: AedesConnection, packet: AedesPublishPacket, qos: 0 | 1): void {
    const { client } = connection
    // aedes restores subscriptions before the CONNACK: what comes between is kept with the session.
    if (!connection.record || isDuplicate(client, packet)) return
    const { topic, payload, retain } = packet
    const brokerCounter = this.#emitter.counterOf(packet)
    // A message that was on its way when the client came back is among those that the session kept, and comes with them, without a broker's id.
    if (packet.brokerId && connection.missed.some((kept) => kept.brokerCounter === brokerCounter)) return
    this.#send(connection, { topic, payload, qos, retain, brokerCounter })
  }

  /** What a session keeps goes through aedes, which keeps it. */
  #reply(connection: AedesConnection, { topic, payload }: DirectReply): void {
    const { client } = connection
    const qos = connection.replyQos(topic)
    if (qos === 0 || client.clean) this.#send(connection, { topic, payload, qos, retain: false, brokerCounter: 0 })
    else client.publish(message(topic, payload, qos), ignore)
  }

  #send(connection: AedesConnection, packet: OutgoingMessage): void {
    const { client, outbox } = connection
    if (!connection.may('iot:Receive', `topic/${packet.topic}`) || !connection.admits('mqtt:PublishOut')) {
      if (packet.qos === 1 && !client.clean) this.#sessions.discard(client.id, packet.brokerCounter)
    } else if (client.conn.writableLength + outbox.waitingBytes > MAX_UNREAD_BYTES) this.#drop(client, 'SERVER_INITIATED_DISCONNECT')
    else outbox.push(packet)
  }

  #withdraw(certificateId: string): void {
    for (const connection of this.#live.values())
      if (connection.peer.principal?.certificateId === certificateId) this.#end(connection, REASON_OF_WITHDRAWN_CERTIFICATE)
  }

  /** The reason that is known first is the one that is told. */
  #blame(client: Client, reason: DisconnectReason): void {
    this.#of(client).reason ??= reason
  }

  #drop(client: Client, reason: DisconnectReason): false {
    this.#blame(client, reason)
    client.conn.destroy()
    return false
  }

  /** Ends a connection; `then` comes after its will was published and its end told. */
  #end(connection: AedesConnection, reason: DisconnectReason, then = ignore): void {
    this.#blame(connection.client, reason)
    connection.client.close(() => {
      this.#leave(connection)
      then()
    })
  }
}

function ignore(): void {}
