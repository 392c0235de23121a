import type { MqttConnection, MqttConnectOptions, MqttHandler, MqttSubscription, Payload } from '../../ports/mqtt.ts'
import type { DisconnectReason } from './presence.ts'
import { thingOf } from './subscription-index.ts'

/** Messages kept for a persistent session while its client is away; the oldest go first. */
const MAX_KEPT = 1000

const NO_FILTERS: readonly string[] = []
const NOTHING: readonly Message[] = []

interface Message {
  readonly topic: string
  readonly payload: Payload
}

/** What the broker knows of one client id. A million of them are in memory, so most fields stay undefined for most clients. */
export class MemorySession {
  readonly clientId: string
  readonly clean: boolean
  connection: MemoryConnection | undefined
  /** When the connection began or, without one, when it ended; in simulated milliseconds. */
  sinceMs = 0
  /** The first thing that it subscribed below: for nearly all clients the only one. */
  thing: string | undefined
  subscriptions = 0
  /** Whether it has a subscription at QoS 1. One is enough to keep the messages of all. */
  keepsMessages = false
  #others: string[] | undefined
  #kept: Message[] | undefined

  constructor(clientId: string, clean: boolean) {
    this.clientId = clientId
    this.clean = clean
  }

  /** Filters that are not below `thing`. */
  get otherFilters(): readonly string[] {
    return this.#others ?? NO_FILTERS
  }

  added(filter: string): void {
    this.subscriptions += 1
    const thing = thingOf(filter, this.clientId)
    if (thing !== undefined && (this.thing === undefined || this.thing === thing)) this.thing = thing
    else (this.#others ??= []).push(filter)
  }

  removed(filter: string): void {
    this.subscriptions -= 1
    const at = this.#others?.indexOf(filter) ?? -1
    if (at >= 0) this.#others!.splice(at, 1)
  }

  deliver(topic: string, payload: Payload, qos: 0 | 1): void {
    if (this.connection) {
      if (this.connection.isOpen) this.connection.handler.onMessage(topic, payload)
    } else if (!this.clean && this.keepsMessages && qos === 1) this.#keep({ topic, payload })
  }

  /** Messages that came while the client was away. */
  takeKept(): readonly Message[] {
    const kept = this.#kept ?? NOTHING
    this.#kept = undefined
    return kept
  }

  #keep(message: Message): void {
    this.#kept ??= []
    if (this.#kept.length === MAX_KEPT) this.#kept.shift()
    this.#kept.push(message)
  }
}

/** What a connection asks of its door. */
export interface ConnectionOwner {
  subscribe(connection: MemoryConnection, subscriptions: readonly MqttSubscription[]): void
  unsubscribe(connection: MemoryConnection, filters: readonly string[]): void
  publish(connection: MemoryConnection, topic: string, payload: Payload, qos: 0 | 1, retain: boolean): void
  /** Ends a connection from its own side: its handler hears no more. */
  close(connection: MemoryConnection, reason: DisconnectReason): void
}

/** One live connection; the door does the work. */
export class MemoryConnection implements MqttConnection {
  readonly #door: ConnectionOwner
  readonly serial: number
  readonly options: MqttConnectOptions
  readonly handler: MqttHandler
  isOpen = true
  session: MemorySession | undefined

  constructor(door: ConnectionOwner, serial: number, options: MqttConnectOptions, handler: MqttHandler) {
    this.#door = door
    this.serial = serial
    this.options = options
    this.handler = handler
  }

  subscribe(subscriptions: readonly MqttSubscription[]): void {
    if (this.isOpen) this.#door.subscribe(this, subscriptions)
  }

  unsubscribe(filters: readonly string[]): void {
    if (this.isOpen) this.#door.unsubscribe(this, filters)
  }

  publish(topic: string, payload: Payload, qos: 0 | 1, retain = false): void {
    if (this.isOpen) this.#door.publish(this, topic, payload, qos, retain)
  }

  disconnect(): void {
    if (this.isOpen) this.#door.close(this, 'CLIENT_INITIATED_DISCONNECT')
  }

  destroy(): void {
    if (this.isOpen) this.#door.close(this, 'CONNECTION_LOST')
  }
}
