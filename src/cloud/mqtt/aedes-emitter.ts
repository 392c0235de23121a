import type { Aedes, AedesPublishPacket } from 'aedes'
import { SubscriptionIndex } from './subscription-index.ts'

/** What aedes registers for one filter of one client. */
export type Receiver = (packet: AedesPublishPacket, done: () => void) => void

/**
 * Routes messages inside aedes, in place of its own emitter: by AWS's wildcard rules, with an index made for a fleet, and without waiting for slow
 * receivers (`MAX_UNREAD_BYTES` in aedes-broker.ts bounds what they may leave unread).
 */
export class AedesEmitter {
  readonly #index = new SubscriptionIndex<Receiver>()
  #numbering = { counter: 0 }
  #emitted = 0
  #original = 0
  #isClosed = false

  /** Takes part in the broker's numbering of packets. */
  countWith(broker: Aedes): void {
    this.#numbering = broker as unknown as { counter: number }
  }

  wanted(topic: string): boolean {
    return this.#index.wanted(topic)
  }

  on(filter: string, receiver: Receiver, done?: () => void): this {
    this.#index.add(filter, receiver)
    if (done) setImmediate(done)
    return this
  }

  removeListener(filter: string, receiver: Receiver, done?: () => void): this {
    this.#index.remove(filter, receiver)
    if (done) setImmediate(done)
    return this
  }

  /**
   * aedes drops a packet whose number is not above the last one that a client got: so it finds duplicates for overlapping subscriptions. But it gives
   * the number when a publish begins, and a QoS 0 message or an answer to one client overtakes QoS 1 messages on their way: those would be lost.
   * So a packet gets a new number while it is handed out, and `counterOf` is the old one, by which stored messages are known.
   */
  emit(packet: AedesPublishPacket, done: (error?: Error) => void): this {
    const receivers = this.#isClosed ? [] : this.#index.match(packet.topic)
    if (receivers.length > 0) {
      this.#original = packet.brokerCounter
      this.#emitted = packet.brokerCounter = ++this.#numbering.counter
      for (const receive of receivers) receive(packet, ignore)
      packet.brokerCounter = this.#original
      this.#emitted = 0
    }
    done()
    return this
  }

  /** The number that a packet had before it was handed out. */
  counterOf({ brokerCounter }: AedesPublishPacket): number {
    return brokerCounter === this.#emitted ? this.#original : brokerCounter
  }

  /** aedes says goodbye to every client with messages of its own: with thousands of them that takes long, for nobody. */
  stop(): void {
    this.#isClosed = true
  }

  close(done: () => void): this {
    setImmediate(done)
    return this
  }
}

function ignore(): void {}
