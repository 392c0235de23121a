import type { Payload } from '../../ports/mqtt.ts'
import type { CloudContext } from '../context.ts'
import type { Table } from '../store/store.ts'

/** The last message that was published to a topic to be kept there. */
export interface RetainedMessage {
  readonly topic: string
  readonly payload: Payload
  readonly qos: 0 | 1
  /** When it was published, in simulated milliseconds. */
  readonly atMs: number
}

/**
 * Retained messages of the account, one for each topic (reference §8.1). Every MQTT door reads and writes them, so that a message is there for the
 * subscribers of all doors. Differs from AWS: neither their number nor how often a topic gets another one is limited.
 */
export class RetainedMessages {
  readonly #clock: CloudContext['clock']
  readonly #table: Table<RetainedMessage> | undefined
  readonly #messages = new Map<string, RetainedMessage>()

  constructor({ clock, store }: Pick<CloudContext, 'clock' | 'store'>) {
    this.#clock = clock
    this.#table = store?.table('retained-messages')
    for (const [topic, message] of this.#table?.entries() ?? []) this.#messages.set(topic, message)
  }

  get size(): number {
    return this.#messages.size
  }

  get(topic: string): RetainedMessage | undefined {
    return this.#messages.get(topic)
  }

  /** In order of their topics. */
  all(): RetainedMessage[] {
    return [...this.#messages.values()].sort((a, b) => (a.topic < b.topic ? -1 : 1))
  }

  /** Takes the place of the message before; an empty payload takes it away. */
  set(topic: string, payload: Payload, qos: 0 | 1): void {
    if (payload.length === 0) {
      if (this.#messages.delete(topic)) this.#table?.delete(topic)
      return
    }
    // The bytes are part of a larger buffer, which would stay in memory with them.
    const own = typeof payload === 'string' ? payload : new Uint8Array(payload)
    const message = { topic, payload: own, qos, atMs: this.#clock.now() }
    this.#messages.set(topic, message)
    this.#table?.put(topic, message)
  }

  reset(): void {
    this.#messages.clear()
  }
}
