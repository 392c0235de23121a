import type { AedesPublishPacket, Client } from 'aedes'
import type { AedesConnection } from './aedes-connection.ts'
import type { AedesEmitter, Receiver } from './aedes-emitter.ts'
import { message } from './aedes-inbox.ts'
import { deliver, subscriptionsOf } from './aedes-internals.ts'
import { isFilterAllowed, MAX_SUBSCRIPTIONS, SUBSCRIPTION_REFUSED } from './limits.ts'
import type { MqttEngine } from './mqtt-engine.ts'
import { announceSubscriptions } from './presence.ts'
import type { DisconnectReason } from './presence.ts'
import type { SessionStore } from './session-store.ts'
import { hasWildcard } from './topic-filter.ts'

/** With the granted QoS, or SUBSCRIPTION_REFUSED, where it was answered. */
interface Subscription {
  readonly topic: string
  readonly qos: number
}

/** Where aedes keeps them. */
type Subscriptions = Record<string, { readonly qos: number; readonly func: Receiver }>

/** What of the broker the subscriptions need. */
interface SubscriptionsOwner {
  deliver(connection: AedesConnection, packet: AedesPublishPacket, qos: 0 | 1): void
  end(connection: AedesConnection, reason: DisconnectReason): void
}

const SUBACK = 0x90

/** What clients subscribe to. aedes restores those of sessions; it would make a stream, timers and a message for every SUBSCRIBE, and a receiver for every filter. */
export class AedesSubscriptions {
  readonly #cloud: MqttEngine
  readonly #emitter: AedesEmitter
  readonly #sessions: SessionStore
  readonly #broker: SubscriptionsOwner

  constructor(cloud: MqttEngine, emitter: AedesEmitter, sessions: SessionStore, broker: SubscriptionsOwner) {
    this.#cloud = cloud
    this.#emitter = emitter
    this.#sessions = sessions
    this.#broker = broker
  }

  /** A SUBSCRIBE of a client that is connected, whose filters are well formed. */
  take(connection: AedesConnection, messageId: number, requested: readonly Subscription[]): void {
    const { client, outbox } = connection
    const answered = requested.map((subscription) => this.#subscribe(connection, subscription))
    outbox.acknowledge(...suback(messageId, answered))
    this.subscribed(connection, answered)
    for (const { topic, qos } of answered) if (qos !== SUBSCRIPTION_REFUSED) this.#deliverRetained(client, topic)
  }

  isGranted(connection: AedesConnection, { topic }: Subscription): boolean {
    const subscriptions = subscriptionsOf(connection.client)
    const hasRoom = topic in subscriptions || Object.keys(subscriptions).length < MAX_SUBSCRIPTIONS
    return isFilterAllowed(topic) && hasRoom && connection.may('iot:Subscribe', `topicfilter/${topic}`)
  }

  /** AWS refuses a subscription too many and then closes. */
  subscribed(connection: AedesConnection, subscriptions: readonly Subscription[]): void {
    const { client, record, serial, who } = connection
    connection.filtersChanged()
    const granted = subscriptions.filter(({ qos }) => qos !== SUBSCRIPTION_REFUSED)
    if (record && !record.clean) for (const { topic, qos } of granted) this.#sessions.subscribed(record, topic, qos as 0 | 1)
    const topics = granted.map(({ topic }) => topic)
    announceSubscriptions(this.#cloud, client.id, serial, 'subscribed', topics, who)
    const isFull = granted.length < subscriptions.length && Object.keys(subscriptionsOf(client)).length >= MAX_SUBSCRIPTIONS
    if (isFull) setImmediate(() => this.#broker.end(connection, 'CLIENT_ERROR'))
  }

  unsubscribed(connection: AedesConnection, filters: readonly string[]): void {
    const { client, serial, who } = connection
    connection.filtersChanged()
    if (!client.closed) announceSubscriptions(this.#cloud, client.id, serial, 'unsubscribed', filters, who)
  }

  #subscribe(connection: AedesConnection, subscription: Subscription): Subscription {
    const { topic, qos } = subscription
    if (!this.isGranted(connection, subscription)) return { topic, qos: SUBSCRIPTION_REFUSED }
    const subscriptions = subscriptionsOf(connection.client) as Subscriptions
    const old = subscriptions[topic]
    if (old?.qos === qos) return subscription
    if (old) this.#emitter.removeListener(topic, old.func)
    const func = this.#receiver(connection, qos as 0 | 1)
    subscriptions[topic] = { qos, func }
    this.#emitter.on(topic, func)
    return subscription
  }

  #receiver(connection: AedesConnection, qos: 0 | 1): Receiver {
    return (connection.receivers[qos] ??= (packet) => this.#broker.deliver(connection, packet, packet.qos > 0 ? qos : 0))
  }

  /** AWS sends a retained message only for a filter that is its topic, never for a wildcard (reference §8.1). */
  #deliverRetained(client: Client, filter: string): void {
    const retained = hasWildcard(filter) ? undefined : this.#cloud.retained.get(filter)
    if (retained) deliver(client, { ...message(filter, retained.payload, retained.qos), retain: true } as AedesPublishPacket)
  }
}

/** MQTT 3.1.1 §3.9: at most 8 filters, so that the length is one byte. */
function suback(messageId: number, answered: readonly Subscription[]): readonly number[] {
  return [SUBACK, 2 + answered.length, messageId >> 8, messageId & 0xff, ...answered.map(({ qos }) => qos)]
}
