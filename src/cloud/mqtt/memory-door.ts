import type { MqttConnection, MqttConnectOptions, MqttHandler, MqttSubscription, MqttTransport, Payload } from '../../ports/mqtt.ts'
import type { Cloud } from '../cloud.ts'
import { DATA_INGEST } from '../olt/data-ingest.ts'
import type { BusDoor, ConnectionState, DisconnectOptions } from './bus.ts'
import {
  isClientIdAllowed,
  isFilterAllowed,
  MAX_FILTERS_PER_SUBSCRIBE,
  MAX_SUBSCRIPTIONS,
  publishProblem,
  SESSION_EXPIRY_MS,
  SUBSCRIPTION_REFUSED,
} from './limits.ts'
import { MemoryConnection, MemorySession } from './memory-session.ts'
import type { ConnectionOwner } from './memory-session.ts'
import { announceConnected, announceDisconnected } from './presence.ts'
import type { DisconnectReason } from './presence.ts'
import { reservedRequest } from './reserved.ts'
import { SubscriptionIndex } from './subscription-index.ts'
import { hasWildcard } from './topic-filter.ts'

const NOWHERE = '127.0.0.1'

/**
 * The MQTT door of the virtual world: a broker without sockets, encoding or timers. Callbacks are called from within the calls that cause them.
 * Nothing is lost in process, so QoS matters only to what is kept for a persistent session. Keep-alive is not watched: a client that falls silent
 * stays connected until it says otherwise.
 */
export class MemoryDoor implements MqttTransport, BusDoor {
  readonly #cloud: Cloud
  readonly #index = new SubscriptionIndex<MemorySession>()
  /** By client id: every connected client, and the persistent sessions of clients that are away. */
  readonly #sessions = new Map<string, MemorySession>()
  readonly #detach: () => void
  #connected = 0
  #accepted = 0

  constructor(cloud: Cloud) {
    this.#cloud = cloud
    this.#detach = cloud.bus.attach(this)
  }

  get connections(): number {
    return this.#connected
  }

  connect(options: MqttConnectOptions, handler: MqttHandler): MqttConnection {
    this.#accepted += 1
    const connection = new MemoryConnection(this.#owner, this.#accepted, options, handler)
    const isAllowed = options.clientId === '' ? options.clean : isClientIdAllowed(options.clientId)
    if (isAllowed) this.#open(connection)
    else {
      connection.isOpen = false
      handler.onClosed('refused')
    }
    return connection
  }

  wanted(topic: string): boolean {
    return this.#index.wanted(topic)
  }

  publish(topic: string, payload: Payload, qos: 0 | 1): void {
    this.#route(topic, payload, qos)
  }

  disconnect(clientId: string, { cleanSession, preventWillMessage }: DisconnectOptions): boolean {
    const session = this.#sessions.get(clientId)
    const connection = session?.connection
    if (!session || !connection) return false
    this.#evict(connection, 'API_INITIATED_DISCONNECT', !preventWillMessage)
    if (cleanSession && !session.connection) this.#forget(session)
    return true
  }

  connection(clientId: string): ConnectionState | undefined {
    const session = this.#sessions.get(clientId)
    if (!session) return undefined
    const { connection, clean, sinceMs } = session
    if (!connection) return { isConnected: false, cleanSession: clean, sinceMs }
    return { isConnected: true, cleanSession: clean, sinceMs, keepAliveSec: connection.options.keepAliveSeconds }
  }

  /** Drops every connection, without wills, and leaves the bus. */
  close(): void {
    this.#detach()
    const open = [...this.#sessions.values()].flatMap(({ connection }) => connection ?? [])
    for (const connection of open) connection.isOpen = false
    this.#sessions.clear()
    this.#connected = 0
    for (const { handler } of open) handler.onClosed('closed')
  }

  #open(connection: MemoryConnection): void {
    const { options, serial } = connection
    const clientId = options.clientId || `auto-${serial}`
    const old = this.#sessions.get(clientId)
    const rival = old?.connection
    if (rival) this.#close(rival, 'DUPLICATE_CLIENTID')
    const session = this.#resumable(clientId, options.clean) ?? new MemorySession(clientId, options.clean)
    const sessionPresent = session === old
    if (old && !sessionPresent) this.#forget(old)
    this.#sessions.set(clientId, session)
    this.#connected += 1
    connection.session = session
    session.connection = connection
    session.sinceMs = this.#cloud.clock.now()
    announceConnected(this.#cloud, clientId, serial, NOWHERE)
    rival?.handler.onClosed('closed')
    if (connection.isOpen) connection.handler.onConnected(sessionPresent)
    for (const { topic, payload } of session.takeKept()) session.deliver(topic, payload, 1)
  }

  #resumable(clientId: string, clean: boolean): MemorySession | undefined {
    const session = this.#sessions.get(clientId)
    if (clean || !session || session.clean) return undefined
    return this.#cloud.clock.now() - session.sinceMs <= SESSION_EXPIRY_MS ? session : undefined
  }

  readonly #owner: ConnectionOwner = {
    subscribe: (connection, subscriptions) => this.#subscribe(connection, subscriptions),
    unsubscribe: (connection, filters) => this.#unsubscribe(connection.session!, filters),
    publish: (connection, topic, payload, qos, retain) => this.#take(connection, topic, payload, qos, retain),
    close: (connection, reason) => this.#close(connection, reason),
  }

  #subscribe(connection: MemoryConnection, subscriptions: readonly MqttSubscription[]): void {
    const session = connection.session!
    if (subscriptions.length > MAX_FILTERS_PER_SUBSCRIBE) return this.#evict(connection, 'CLIENT_ERROR')
    const granted: number[] = []
    for (const { filter, qos } of subscriptions) {
      const isGranted = isFilterAllowed(filter) && session.subscriptions < MAX_SUBSCRIPTIONS
      if (isGranted && this.#index.add(filter, session, session.clientId)) session.added(filter)
      if (isGranted && qos === 1) session.keepsMessages = true
      granted.push(isGranted ? qos : SUBSCRIPTION_REFUSED)
    }
    connection.handler.onSubscribed(granted)
    for (const [i, { filter }] of subscriptions.entries()) if (granted[i] !== SUBSCRIPTION_REFUSED) this.#sendRetained(session, filter)
    const isFull = granted.includes(SUBSCRIPTION_REFUSED) && session.subscriptions >= MAX_SUBSCRIPTIONS
    if (isFull && connection.isOpen) this.#evict(connection, 'CLIENT_ERROR')
  }

  #unsubscribe(session: MemorySession, filters: readonly string[]): void {
    for (const filter of filters) if (this.#index.remove(filter, session)) session.removed(filter)
  }

  /** AWS sends a retained message only for a filter that is its topic, never for a wildcard (reference §8.1). */
  #sendRetained(session: MemorySession, filter: string): void {
    const { retained } = this.#cloud
    const message = retained.size > 0 && !hasWildcard(filter) ? retained.get(filter) : undefined
    if (message) session.deliver(filter, message.payload, message.qos)
  }

  #take(connection: MemoryConnection, topic: string, payload: Payload, qos: 0 | 1, retain: boolean): void {
    if (publishProblem(topic, payload) !== undefined) return this.#evict(connection, 'CLIENT_ERROR')
    if (topic.startsWith('$')) return this.#request(connection, topic, payload, qos, retain)
    if (qos === 1) connection.handler.onPublished()
    if (topic === DATA_INGEST) this.#cloud.olt.ingest(connection.options.clientId, payload)
    this.#accept(topic, payload, qos, retain)
  }

  #request(connection: MemoryConnection, topic: string, payload: Payload, qos: 0 | 1, retain: boolean): void {
    const answer = retain ? 'refused' : reservedRequest(this.#cloud, topic, payload, connection.session!.clientId)
    if (answer === 'refused') return this.#evict(connection, 'CLIENT_ERROR')
    if (qos === 1 && connection.isOpen) connection.handler.onPublished()
    for (const reply of answer) if (connection.isOpen) connection.handler.onMessage(reply.topic, reply.payload)
  }

  #accept(topic: string, payload: Payload, qos: 0 | 1, retain: boolean): void {
    if (retain) this.#cloud.retained.set(topic, payload, qos)
    this.#route(topic, payload, qos)
  }

  #route(topic: string, payload: Payload, qos: 0 | 1): void {
    for (const session of this.#index.match(topic)) session.deliver(topic, payload, qos)
  }

  /** Ends a connection that its client did not end. */
  #evict(connection: MemoryConnection, reason: DisconnectReason, sendsWill = true): void {
    this.#close(connection, reason, sendsWill)
    connection.handler.onClosed('closed')
  }

  #close(connection: MemoryConnection, reason: DisconnectReason, sendsWill = true): void {
    const session = connection.session!
    connection.isOpen = false
    session.connection = undefined
    session.sinceMs = this.#cloud.clock.now()
    this.#connected -= 1
    if (session.clean) this.#forget(session)
    const { will } = connection.options
    const isWillDue =
      will && sendsWill && reason !== 'CLIENT_INITIATED_DISCONNECT' && !will.topic.startsWith('$') && !publishProblem(will.topic, will.payload)
    if (isWillDue) this.#accept(will.topic, will.payload, will.qos, will.retain)
    announceDisconnected(this.#cloud, session.clientId, connection.serial, reason)
  }

  #forget(session: MemorySession): void {
    if (session.thing !== undefined) this.#index.removeThing(session.thing, session)
    for (const filter of session.otherFilters) this.#index.remove(filter, session)
    if (this.#sessions.get(session.clientId) === session) this.#sessions.delete(session.clientId)
  }
}
