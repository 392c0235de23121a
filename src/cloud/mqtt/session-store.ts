import type { AedesPublishPacket } from 'aedes'
import { Readable } from 'node:stream'
import type { Clock } from '../../ports/clock.ts'
import { ClientRecord } from './client-record.ts'
import type { KeptMessage } from './client-record.ts'
import { SESSION_EXPIRY_MS } from './limits.ts'
import type { MqttEngine } from './mqtt-engine.ts'
import { SubscriptionIndex } from './subscription-index.ts'
import { hasWildcard } from './topic-filter.ts'

/** Restored with every persistent session, and never granted: aedes tells a client of its session only when there is something to restore. */
const SESSION_MARK = '$session'

interface Who {
  readonly id: string
}

interface Restored {
  readonly topic: string
  readonly qos: 0 | 1
}

/**
 * What aedes keeps between connections, in place of its own memory: persistent sessions that end an hour after their connection on the cloud's clock,
 * and the cloud's retained messages. The methods that aedes calls have aedes's names; QoS 2 never gets here.
 */
export class SessionStore {
  readonly #clock: Clock
  readonly #retained: MqttEngine['retained']
  readonly #clients = new Map<string, ClientRecord>()
  /** Persistent sessions by their filters of QoS 1. */
  readonly #index = new SubscriptionIndex<ClientRecord>()
  readonly #leaving = new Map<number, ClientRecord>()
  #departures = 0

  constructor(clock: Clock, retained: MqttEngine['retained']) {
    this.#clock = clock
    this.#retained = retained
  }

  /** Undefined for a client that was never here, or has been away for more than an hour. */
  get(clientId: string): ClientRecord | undefined {
    return this.#clients.get(clientId)
  }

  /** Whether a message of QoS 1 would be kept for somebody. */
  wanted(topic: string): boolean {
    return this.#index.wanted(topic)
  }

  connected(clientId: string, clean: boolean): ClientRecord {
    const client = this.#clients.get(clientId) ?? new ClientRecord(clientId)
    this.#clients.set(clientId, client)
    client.clean = clean
    client.isConnected = true
    client.sinceMs = this.#clock.now()
    client.reason = undefined
    client.version += 1
    return client
  }

  /** Its record goes in an hour, unless it comes back. */
  disconnected(client: ClientRecord): void {
    client.isConnected = false
    client.sinceMs = this.#clock.now()
    if (client.clean) this.forgetSession(client.clientId)
    this.#departures += 1
    this.#leaving.set(this.#departures, client)
    this.#clock.wake(client.sinceMs + SESSION_EXPIRY_MS, this, this.#departures)
  }

  wake(departure: number): void {
    const client = this.#leaving.get(departure)
    this.#leaving.delete(departure)
    if (!client || client.isConnected || this.#clock.now() - client.sinceMs < SESSION_EXPIRY_MS) return
    this.forgetSession(client.clientId)
    if (this.#clients.get(client.clientId) === client) this.#clients.delete(client.clientId)
  }

  subscribed(client: ClientRecord, filter: string, qos: 0 | 1): void {
    client.filters.set(filter, qos)
    if (qos === 1) this.#index.add(filter, client)
    else this.#index.remove(filter, client)
  }

  forgetSession(clientId: string): void {
    const client = this.#clients.get(clientId)
    if (!client) return
    for (const filter of client.filters.keys()) this.#index.remove(filter, client)
    client.forgetSession()
  }

  async setup(): Promise<void> {}

  /** `subscribed` is told instead: aedes would keep what was refused, too. */
  async addSubscriptions(): Promise<void> {}

  async removeSubscriptions({ id }: Who, filters: readonly string[]): Promise<void> {
    const client = this.#clients.get(id)
    if (!client) return
    for (const filter of filters) {
      this.#index.remove(filter, client)
      client.filters.delete(filter)
    }
  }

  async cleanSubscriptions({ id }: Who): Promise<void> {
    this.forgetSession(id)
  }

  async subscriptionsByClient({ id }: Who): Promise<readonly Restored[]> {
    const client = this.#clients.get(id)
    if (!client || client.clean) return []
    return [{ topic: SESSION_MARK, qos: 0 }, ...[...client.filters].map(([topic, qos]) => ({ topic, qos }))]
  }

  async subscriptionsByTopic(topic: string): Promise<readonly { clientId: string; topic: string }[]> {
    return this.#index.match(topic).map(({ clientId }) => ({ clientId, topic }))
  }

  async outgoingEnqueueCombi(subscriptions: readonly { readonly clientId: string }[], packet: AedesPublishPacket): Promise<void> {
    for (const subscription of subscriptions) this.#keep(subscription.clientId, packet)
  }

  async outgoingEnqueue({ clientId }: { readonly clientId: string }, packet: AedesPublishPacket): Promise<void> {
    this.#keep(clientId, packet)
  }

  /** Remembers by which id a kept message went out. */
  sent(clientId: string, brokerCounter: number, messageId: number): void {
    this.#clients.get(clientId)?.sent(brokerCounter, messageId)
  }

  /** A kept message that may not be delivered. */
  discard(clientId: string, brokerCounter: number): void {
    this.#clients.get(clientId)?.acknowledge((kept) => kept.brokerCounter === brokerCounter)
  }

  /** At a PUBACK. */
  async outgoingClearMessageId({ id }: Who, { messageId }: Partial<KeptMessage>): Promise<undefined> {
    this.#clients.get(id)?.acknowledge((kept) => kept.messageId === messageId)
  }

  /** Nothing: the broker sends what was kept at AWS's pace. */
  outgoingStream(): Readable {
    return Readable.from([])
  }

  async storeRetained(): Promise<void> {}

  /** AWS sends a retained message only for a filter that is its topic, never for a wildcard (reference §8.1). */
  createRetainedStreamCombi(filters: readonly string[]): Readable {
    const messages = filters.flatMap((filter) => (hasWildcard(filter) ? [] : (this.#retained.get(filter) ?? [])))
    return Readable.from(messages.map(({ topic, payload, qos }) => ({ cmd: 'publish', topic, payload: Buffer.from(payload), qos })))
  }

  async putWill(): Promise<void> {}

  async delWill(): Promise<void> {}

  streamWill(): Readable {
    return Readable.from([])
  }

  #keep(clientId: string, { topic, payload, qos, brokerId, brokerCounter }: AedesPublishPacket): void {
    const bytes = Buffer.from(payload as Uint8Array)
    this.#clients.get(clientId)?.keep({
      cmd: 'publish',
      topic,
      payload: bytes,
      qos,
      retain: false,
      dup: false,
      brokerId: brokerId!,
      brokerCounter: brokerCounter!,
      messageId: undefined,
    })
  }
}
