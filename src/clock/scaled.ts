import type { AsyncClock, Wakeable } from '../ports/clock.ts'
import { EventQueue } from './event-queue.ts'
import { Sleeper } from './sleeper.ts'

/** Longest wait given to one timer of Node: beyond 2^31-1 ms it would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** What two threads must share to read the same simulated time. */
export interface Timeline {
  /** Simulated milliseconds per wall-clock millisecond. */
  readonly speed: number
  /** Wall clock (ms since the epoch) at which simulated time was `simulatedStartMs`. */
  readonly wallStartMs: number
  readonly simulatedStartMs: number
}

/** Wall clock × speed, over one timer and one queue a thread. */
export class ScaledClock implements AsyncClock {
  readonly timeline: Timeline
  readonly #queue = new EventQueue()
  readonly #onSlip: (slipMs: number) => void
  #timer: NodeJS.Timeout | undefined
  #timerAt = Infinity
  #stopped = false

  /** `onSlip` is told how late (wall-clock ms) each batch of due entries was. */
  constructor(timeline: Timeline, onSlip: (slipMs: number) => void = () => {}) {
    this.timeline = timeline
    this.#onSlip = onSlip
  }

  /** A clock of its own that begins now. */
  static starting(speed: number, simulatedStartMs = Date.now()): ScaledClock {
    return new ScaledClock({ speed, wallStartMs: wallNow(), simulatedStartMs })
  }

  now(): number {
    const { speed, wallStartMs, simulatedStartMs } = this.timeline
    return simulatedStartMs + (wallNow() - wallStartMs) * speed
  }

  wake(atMs: number, target: Wakeable, token: number): void {
    this.#queue.push(atMs, target, token)
    if (atMs < this.#timerAt) this.#arm()
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    return new Promise((resolve, reject) => {
      this.wake(this.now() + ms, new Sleeper(resolve, () => reject(signal?.reason), signal), 0)
    })
  }

  /** Wakes nobody any more. */
  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #arm(): void {
    clearTimeout(this.#timer)
    this.#timerAt = this.#queue.nextAt
    if (this.#stopped || this.#timerAt === Infinity) return
    const waitMs = (this.#timerAt - this.now()) / this.timeline.speed
    this.#timer = setTimeout(this.#wakeDue, Math.min(LONGEST_TIMER_MS, Math.max(0, waitMs)))
  }

  readonly #wakeDue = (): void => {
    const now = this.now()
    if (this.#queue.nextAt <= now) this.#onSlip((now - this.#queue.nextAt) / this.timeline.speed)
    // What the woken ones schedule for this same moment waits for the next turn, so that sockets get theirs.
    let due = this.#queue.size
    // Until the queue is armed again, entries pushed by the woken ones must not re-arm one by one.
    this.#timerAt = -Infinity
    while (due-- > 0 && this.#queue.nextAt <= now && !this.#stopped) this.#queue.wakeFirst()
    this.#arm()
  }
}

/** Milliseconds since the epoch with a fraction, the same in every thread of the process. */
export function wallNow(): number {
  return performance.timeOrigin + performance.now()
}
