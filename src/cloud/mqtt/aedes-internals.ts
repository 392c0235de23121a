import type { Aedes, AedesPublishPacket, Client } from 'aedes'
import type { EventEmitter } from 'node:events'
import { decodeInPlace } from './aedes-frames.ts'
import type { PacketParser } from './aedes-frames.ts'
import { readAtOnce } from './aedes-reading.ts'

/** Where the door reaches into aedes beyond its documented API. Checked against aedes 1.2.0, which package.json pins. */

/** A packet from a client, as far as the door looks at it; a PUBLISH is whole. */
export interface ClientPacket {
  readonly cmd: string
  readonly qos?: number
  readonly topic?: string
  readonly messageId?: number | undefined
  readonly payload?: Buffer
  readonly retain?: boolean
  readonly dup?: boolean
  readonly length?: number
  readonly subscriptions?: readonly { readonly topic: string; readonly qos: number }[]
}

/** `C` is what the door knows of the connection. */
export interface Inspector<C> {
  readonly isTaken: (connection: C, packet: ClientPacket) => boolean
  /** What came is no MQTT. */
  readonly garbage: (connection: C) => void
  /** Something threw, in the door or behind it. */
  readonly failed: (connection: C, error: unknown) => void
}

/** Asks `isTaken` about every packet before aedes sees it. aedes itself has no place to leave a packet unanswered. */
export function inspectPackets<C>(client: Client, connection: C, { isTaken, garbage, failed }: Inspector<C>): void {
  const parser = (client as unknown as { _parser: EventEmitter & PacketParser })._parser
  const [take] = parser.listeners('packet') as ((packet: ClientPacket) => void)[]
  const inspect = (packet: ClientPacket): void => {
    try {
      if (isTaken(connection, packet)) take!.call(parser, packet)
    } catch (error) {
      failed(connection, error)
    }
  }
  parser.removeAllListeners('packet')
  parser.on('packet', inspect)
  parser.prependListener('error', () => garbage(connection))
  decodeInPlace(client, parser, inspect)
  readAtOnce(client, parser)
}

/** What aedes tells other brokers of a cluster below `$SYS/`, for each client that comes, goes, or unsubscribes, is published no more: no client may subscribe to it. */
export function withoutSystemTopics(broker: Aedes): void {
  const publish = broker.publish.bind(broker) as (packet: { readonly topic: string }, ...rest: readonly unknown[]) => void
  const filtered: typeof publish = (packet, ...rest) => {
    if (!packet.topic.startsWith('$SYS/')) return publish(packet, ...rest)
    const done = rest.at(-1) as (() => void) | undefined
    done?.()
  }
  broker.publish = filtered as Aedes['publish']
}

/** aedes need not watch how its stream ends: who accepted it closes the client then. */
export function withoutEndWatch(client: Client): void {
  ;(client as unknown as { _eos(): void })._eos()
}

interface Reading {
  _parsingBatch: number
  _nextBatch(): void
  readonly _keepaliveTimer: NodeJS.Timeout | null
}

/** Counts one more packet that is not done. */
export function hold(client: Client): void {
  ;(client as unknown as Reading)._parsingBatch += 1
}

/** The packet is done. */
export function release(client: Client): void {
  ;(client as unknown as Reading)._nextBatch()
}

/** Hands out packets that were held back before the client was connected. */
export function resume(client: Client, packets: readonly ClientPacket[]): void {
  const { _parser } = client as unknown as { _parser: EventEmitter }
  for (const packet of packets) _parser.emit('packet', packet)
}

/** The client is alive: it sent a packet that aedes does not see. */
export function refreshKeepAlive(client: Client): void {
  ;(client as unknown as Reading)._keepaliveTimer?.refresh()
}

/** Ends the connection as aedes does after an error. */
export function fail(client: Client, error: Error): void {
  ;(client as unknown as EventEmitter).emit('error', error)
}

/** QoS of a client's subscriptions, by filter. */
export function subscriptionsOf(client: Client): Readonly<Record<string, { readonly qos: number }>> {
  return (client as unknown as { subscriptions: Record<string, { qos: number }> }).subscriptions
}

/** Takes back what the client wanted to be told in case that it is lost. */
export function withoutWill(client: Client): void {
  ;(client as unknown as { will: null }).will = null
}

type Deliver = (packet: AedesPublishPacket, done: () => void) => void

interface Delivering {
  deliver0: Deliver
  deliverQoS: Deliver
  readonly duplicates: Record<string, number>
}

/** Takes what aedes would write to a client; `qos` is the lower one of the message and the subscription. */
export function interceptDelivery(client: Client, take: (packet: AedesPublishPacket, qos: 0 | 1) => void): void {
  const delivering = client as unknown as Delivering
  delivering.deliver0 = (packet, done) => {
    take(packet, 0)
    done()
  }
  delivering.deliverQoS = (packet, done) => {
    // A retained message comes here whatever the subscription.
    const granted = subscriptionsOf(client)[packet.topic]?.qos ?? 1
    take(packet, packet.qos > 0 && granted > 0 ? 1 : 0)
    done()
  }
}

/** Whether the client got this packet already, through another one of its subscriptions. One without a broker's id is never a duplicate. */
export function isDuplicate(client: Client, { brokerId, brokerCounter }: Partial<AedesPublishPacket>): boolean {
  if (!brokerId) return false
  const { duplicates } = client as unknown as Delivering
  if ((duplicates[brokerId] ?? 0) >= brokerCounter!) return true
  duplicates[brokerId] = brokerCounter!
  return false
}

/** Sends one message that was kept. It bears no broker's id: aedes would take it for one that came too late, and drop it. */
export function deliver(client: Client, packet: AedesPublishPacket): void {
  const { deliverQoS } = client as unknown as Delivering
  deliverQoS({ ...packet, brokerId: null } as unknown as AedesPublishPacket, () => {})
}
