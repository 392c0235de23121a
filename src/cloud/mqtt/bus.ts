import type { Payload } from '../../ports/mqtt.ts'
import type { Bus } from '../context.ts'
import type { RetainedMessage } from '../messages/retained-messages.ts'
import type { Store } from '../store/store.ts'
import type { DisconnectReason } from './presence.ts'

/** A broker as the services of the cloud see it. */
export interface BusDoor {
  /** Whether a message on this topic would reach anybody; may be wrong only by saying yes. */
  wanted(topic: string): boolean
  /** Delivers, not retained. */
  publish(topic: string, payload: Payload, qos: 0 | 1): void
  /** Ends a client's connection; false when no such client is connected here. */
  disconnect?(clientId: string, options: DisconnectOptions): boolean
  /** Undefined: this door knows nothing of the client. */
  connection?(clientId: string): ConnectionState | undefined
  /** What the client subscribed to, in no order; undefined when it has no session here. */
  subscriptions?(clientId: string): readonly ClientSubscription[] | undefined
  /** Hands a client, if it is connected, a retained message that it has subscribed to. */
  deliverRetained?(clientId: string, message: RetainedMessage): void
}

export interface DisconnectOptions {
  /** Forgets the session too: subscriptions and messages that wait. */
  readonly cleanSession: boolean
  readonly preventWillMessage: boolean
  /** `API_INITIATED_DISCONNECT` if not given. */
  readonly reason?: DisconnectReason
}

/** The client id connected at another door. */
export const TAKEN_OVER: DisconnectOptions = { cleanSession: true, preventWillMessage: false, reason: 'DUPLICATE_CLIENTID' }

export interface ConnectionState {
  readonly isConnected: boolean
  readonly cleanSession: boolean
  /** Simulated milliseconds: when it connected, or when the connection ended. */
  readonly sinceMs: number
  /** Of a connection that ended. */
  readonly disconnectReason?: DisconnectReason | undefined
  readonly keepAliveSec?: number | undefined
  /** That of the thing which the client's certificate is attached to. */
  readonly thingName?: string | undefined
  /** The two ends of a socket. */
  readonly source?: SocketEnd | undefined
  readonly target?: SocketEnd | undefined
}

export interface SocketEnd {
  readonly ip: string
  readonly port: number
}

export interface ClientSubscription {
  readonly filter: string
  readonly qos: 0 | 1
}

/** What the services publish goes to every MQTT door; so does what a client publishes, unless a service answers it. A client id is connected at one door. */
export class MessageBus implements Bus {
  readonly #store: Store | undefined
  #doors: readonly BusDoor[] = []
  /** The last message that waits for the store. */
  #waiting: Promise<void> | undefined
  readonly #connectionListeners: ((clientId: string) => void)[] = []

  constructor(store?: Store) {
    this.#store = store
  }

  /** Returns what detaches the door again. */
  attach(door: BusDoor): () => void {
    this.#doors = [...this.#doors, door]
    return () => {
      this.#doors = this.#doors.filter((other) => other !== door)
    }
  }

  get hasSeveralDoors(): boolean {
    return this.#doors.length > 1
  }

  wanted(topic: string): boolean {
    for (const door of this.#doors) if (door.wanted(topic)) return true
    return false
  }

  /** What a message tells of survives the process: it waits for the store, in the order of the messages. */
  publish(topic: string, payload: Payload, qos: 0 | 1 = 1): void {
    const durable = this.#store?.durable()
    if (!durable && !this.#waiting) return this.#deliver(topic, payload, qos)
    const waiting = Promise.all([this.#waiting, durable]).then(() => {
      if (this.#waiting === waiting) this.#waiting = undefined
      this.#deliver(topic, payload, qos)
    })
    this.#waiting = waiting
  }

  #deliver(topic: string, payload: Payload, qos: 0 | 1): void {
    for (const door of this.#doors) door.publish(topic, payload, qos)
  }

  /** A message of a client, which its own door delivers to its own subscribers, for those of the other doors. */
  forward(from: BusDoor, topic: string, payload: Payload, qos: 0 | 1): void {
    for (const door of this.#doors) if (door !== from && door.wanted(topic)) door.publish(topic, payload, qos)
  }

  /** A client connected at one door: a connection that it has at another one ends. */
  takeOver(clientId: string, at: BusDoor): void {
    for (const door of this.#doors) if (door !== at) door.disconnect?.(clientId, TAKEN_OVER)
  }

  /** Whether the client was connected somewhere. */
  disconnect(clientId: string, options: DisconnectOptions): boolean {
    return this.#doors.some((door) => door.disconnect?.(clientId, options))
  }

  /** That of a door where it is connected; otherwise what some door remembers. */
  connection(clientId: string): ConnectionState | undefined {
    const states = this.#doors.flatMap((door) => door.connection?.(clientId) ?? [])
    return states.find(({ isConnected }) => isConnected) ?? states[0]
  }

  /** Tells which client connected, or lost its connection. */
  onConnection(listener: (clientId: string) => void): void {
    this.#connectionListeners.push(listener)
  }

  connectionChanged(clientId: string): void {
    for (const listener of this.#connectionListeners) listener(clientId)
  }

  subscriptions(clientId: string): readonly ClientSubscription[] | undefined {
    for (const door of this.#doors) {
      const subscriptions = door.subscriptions?.(clientId)
      if (subscriptions) return subscriptions
    }
    return undefined
  }
}
