import { type EventBatch, EventEncoder } from '../ports/event-codec.ts'
import type { DeviceEvent } from '../ports/events.ts'

/** Batches that are sent before one of them must have been read. */
const MAX_BATCHES_UNREAD = 64
/** Events that wait until then, some 40 MB: a busy receiver is late, one that is this late gets no more. */
const MAX_WAITING_EVENTS = 1_000_000

export interface OutletLimits {
  readonly batchesUnread: number
  readonly waitingEvents: number
}

const LIMITS: OutletLimits = { batchesUnread: MAX_BATCHES_UNREAD, waitingEvents: MAX_WAITING_EVENTS }

/** Sends events on in batches, no faster than they are read. At the limit it drops the newest, and counts them. */
export class EventOutlet {
  readonly #send: (batch: EventBatch) => void
  readonly #limits: OutletLimits
  readonly #encoder = new EventEncoder()
  #unread = 0
  #dropped = 0

  constructor(send: (batch: EventBatch) => void, limits = LIMITS) {
    this.#send = send
    this.#limits = limits
  }

  get dropped(): number {
    return this.#dropped
  }

  add(event: DeviceEvent): void {
    if (this.#encoder.events >= this.#limits.waitingEvents) this.#dropped++
    else this.#encoder.add(event)
  }

  /** Sends what waits, unless too much is unread. */
  flush(): void {
    if (this.#unread < this.#limits.batchesUnread) this.end()
  }

  /** Sends what waits: nothing more will come. */
  end(): void {
    if (this.#encoder.events === 0) return
    this.#unread++
    this.#send(this.#encoder.take())
  }

  /** A batch was read. */
  taken(): void {
    this.#unread--
  }
}
