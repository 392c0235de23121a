import type { Clock, Wakeable } from '../../ports/clock.ts'
import { nextSecondWithQuota, quotaOfSecond, secondOfMinute } from './rollout.ts'

/** What a pacer paces. */
export interface Paced {
  /** Things per minute at this moment. */
  rate(): number
  /** Whether anything waits to be released. */
  waits(): boolean
  /** Releases the next; false when nothing waited. */
  release(): boolean
  /** Time was given out, or nothing had to be: the progress is what the pacer and the queue say now. */
  advanced(): void
  /** Nothing waits any more. */
  drained(): void
}

/** How far a rollout is: when it began, and which second since then is next. */
export interface Pace {
  readonly startMs: number
  readonly second: number
}

/** Releases what waits, second by second. Minutes are counted from the start of the rollout; ticks that come late are made up for one by one. */
export class Pacer implements Wakeable {
  readonly #clock: Clock
  readonly #startMs: number
  readonly #paced: Paced
  /** The next second to give out, counted from the start. */
  #second: number
  #wakeAtMs = Infinity
  #token = 0
  #running = false
  #stopped = false
  #paused = false

  /** `pace` is that of a rollout which began before: its minutes go on. */
  constructor(clock: Clock, paced: Paced, pace: Pace = { startMs: clock.now(), second: 0 }) {
    this.#clock = clock
    this.#startMs = pace.startMs
    this.#second = pace.second
    this.#paced = paced
  }

  get pace(): Pace {
    return { startMs: this.#startMs, second: this.#second }
  }

  /** More waits than before, or the pause is over. The minutes go on from the first start; the time without work is not made up for. */
  resume(): void {
    this.#paused = false
    this.#second = Math.max(this.#second, Math.floor((this.#clock.now() - this.#startMs) / 1000))
    this.catchUp()
  }

  /** Gives out every second that has come, and sleeps until the next one with a quota. Call it before and after anything that changes the rate. */
  catchUp(): void {
    if (this.#running || this.#stopped || this.#paused) return
    this.#running = true
    const nowMs = this.#clock.now()
    while (this.#dueMs(this.#second) <= nowMs && this.#paced.waits() && !this.#isStopped()) {
      const quota = quotaOfSecond(this.#paced.rate(), secondOfMinute(this.#second++))
      for (let released = 0; released < quota && this.#paced.release(); released++);
    }
    this.#running = false
    if (this.#isStopped()) return
    const waits = this.#paced.waits()
    this.#paced.advanced()
    if (waits) this.#sleep()
    else this.#paced.drained()
  }

  /** Until `resume`. */
  pause(): void {
    this.#paused = true
    this.#wakeAtMs = Infinity
    this.#token++
  }

  stop(): void {
    this.#stopped = true
    this.#token++
  }

  wake(token: number): void {
    if (token !== this.#token) return
    this.#wakeAtMs = Infinity
    this.catchUp()
  }

  #sleep(): void {
    const atMs = this.#dueMs(nextSecondWithQuota(this.#paced.rate(), this.#second))
    if (atMs >= this.#wakeAtMs) return
    this.#wakeAtMs = atMs
    this.#clock.wake(atMs, this, ++this.#token)
  }

  #dueMs(second: number): number {
    return this.#startMs + second * 1000
  }

  /** Releasing may stop the pacer: a device may fail at once, and the job may abort. */
  #isStopped(): boolean {
    return this.#stopped || this.#paused
  }
}
