import type { AsyncClock, Wakeable } from '../ports/clock.ts'
import { EventQueue } from './event-queue.ts'
import { Sleeper } from './sleeper.ts'
import { throwFirst } from './throw-first.ts'

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
  #timeline: Timeline
  #begun = true
  readonly #queue = new EventQueue()
  readonly #onSlip: (slipMs: number) => void
  #timer: NodeJS.Timeout | undefined
  #timerAt = Infinity
  #stopped = false

  /** `onSlip` is told how late (wall-clock ms) each batch of due entries was. */
  constructor(timeline: Timeline, onSlip: (slipMs: number) => void = () => {}) {
    this.#timeline = timeline
    this.#onSlip = onSlip
  }

  /** A clock that stands still at `simulatedStartMs` until it is told to begin: setting a run up takes no simulated time. */
  static waiting(speed: number, simulatedStartMs: number): ScaledClock {
    const clock = new ScaledClock({ speed, wallStartMs: wallNow(), simulatedStartMs })
    clock.#begun = false
    return clock
  }

  /** A clock of its own that runs from now on. */
  static starting(speed: number, simulatedStartMs = Date.now()): ScaledClock {
    return new ScaledClock({ speed, wallStartMs: wallNow(), simulatedStartMs })
  }

  get timeline(): Timeline {
    return this.#timeline
  }

  /** Lets time run, from another time than it waited at if one is given. Returns what other threads need to read the same time. */
  begin(simulatedStartMs = this.#timeline.simulatedStartMs): Timeline {
    this.follow({ ...this.#timeline, wallStartMs: wallNow(), simulatedStartMs })
    return this.#timeline
  }

  /** Lets time run as it does where this timeline is from. */
  follow(timeline: Timeline): void {
    this.#timeline = timeline
    this.#begun = true
    this.#arm()
  }

  now(): number {
    const { speed, wallStartMs, simulatedStartMs } = this.#timeline
    if (!this.#begun) return simulatedStartMs
    return simulatedStartMs + (wallNow() - wallStartMs) * speed
  }

  wake(atMs: number, target: Wakeable, token: number): void {
    this.#queue.push(atMs, target, token)
    if (atMs < this.#timerAt) this.#arm()
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    return new Promise((resolve, reject) => {
      this.wake(this.now() + ms, new Sleeper(resolve, () => reject(signal?.reason), signal), 0)
    })
  }

  async all(actors: readonly (() => Promise<void>)[]): Promise<void> {
    throwFirst(await Promise.allSettled(actors.map((actor) => actor())))
  }

  /** Wakes nobody any more. */
  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #arm(): void {
    clearTimeout(this.#timer)
    this.#timerAt = this.#queue.nextAt
    if (this.#stopped || !this.#begun || this.#timerAt === Infinity) return
    const waitMs = (this.#timerAt - this.now()) / this.#timeline.speed
    this.#timer = setTimeout(this.#wakeDue, Math.min(LONGEST_TIMER_MS, Math.max(0, waitMs)))
  }

  readonly #wakeDue = (): void => {
    const now = this.now()
    if (this.#queue.nextAt <= now) this.#onSlip((now - this.#queue.nextAt) / this.#timeline.speed)
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
