import type { Aedes, Client } from 'aedes'
import type { EventEmitter } from 'node:events'
import type { Readable } from 'node:stream'
import { hasWildcard, matches } from './topic-filter.ts'

/** Where the door reaches into aedes beyond its documented API. Checked against aedes 1.2.0, which package.json pins. */

/** A packet from a client, as far as the door looks at it. */
export interface ClientPacket {
  readonly cmd: string
  readonly qos?: number
  readonly topic?: string
  readonly payload?: Uint8Array
  readonly subscriptions?: readonly { readonly topic: string; readonly qos: number }[]
}

/** Asks `isTaken` about every packet before aedes sees it. aedes itself has no place to leave a packet unanswered. */
export function inspectPackets(client: Client, isTaken: (packet: ClientPacket) => boolean): void {
  const parser = (client as unknown as { _parser: EventEmitter })._parser
  const [take] = parser.listeners('packet') as ((packet: ClientPacket) => void)[]
  parser.removeAllListeners('packet')
  parser.on('packet', (packet: ClientPacket) => {
    if (isTaken(packet)) take!.call(parser, packet)
  })
}

/** QoS of a client's subscriptions, by filter. */
export function subscriptionsOf(client: Client): Readonly<Record<string, { readonly qos: number }>> {
  return (client as unknown as { subscriptions: Record<string, { qos: number }> }).subscriptions
}

/**
 * Makes what aedes keeps follow AWS: retained messages only for exact filters, and no `a` for those who wait for `a/#`.
 * Returns what forgets the retained messages: aedes itself has no way to.
 */
export function keepAsAws(broker: Aedes): () => void {
  const { persistence } = broker as unknown as { persistence: Persistence }
  const topics = new Set<string>()
  const store = persistence.storeRetained.bind(persistence)
  const retained = persistence.createRetainedStreamCombi.bind(persistence)
  const waiting = persistence.subscriptionsByTopic.bind(persistence)
  persistence.createRetainedStreamCombi = (filters) => retained(filters.filter((filter) => !filter.startsWith('$') && !hasWildcard(filter)))
  persistence.subscriptionsByTopic = async (topic) => (await waiting(topic)).filter((subscription) => matches(subscription.topic, topic))
  persistence.storeRetained = (packet) => {
    topics.add(packet.topic)
    return store(packet)
  }
  return () => {
    for (const topic of topics) void store({ topic, payload: NOTHING })
    topics.clear()
  }
}

/** A retained message without content takes the one before away (MQTT 3.1.1 §3.3.1.3). */
const NOTHING = Buffer.alloc(0)

interface Persistence {
  storeRetained(packet: { readonly topic: string; readonly payload: Uint8Array }): Promise<void>
  createRetainedStreamCombi(filters: readonly string[]): Readable
  subscriptionsByTopic(topic: string): Promise<readonly { topic: string }[]>
}
