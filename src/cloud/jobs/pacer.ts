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
  /** Nothing waits any more. */
  drained(): void
}

/** Releases what waits, second by second. Minutes are counted from the start of the rollout; ticks that come late are made up for one by one. */
export class Pacer implements Wakeable {
  readonly #clock: Clock
  readonly #startMs: number
  readonly #paced: Paced
  /** The next second to give out, counted from the start. */
  #second = 0
  #wakeAtMs = Infinity
  #token = 0
  #running = false
  #stopped = false

  constructor(clock: Clock, paced: Paced) {
    this.#clock = clock
    this.#startMs = clock.now()
    this.#paced = paced
  }

  /** More waits than before. The minutes go on from the first start; the time without work is not made up for. */
  resume(): void {
    this.#second = Math.max(this.#second, Math.floor((this.#clock.now() - this.#startMs) / 1000))
    this.catchUp()
  }

  /** Gives out every second that has come, and sleeps until the next one with a quota. Call it before and after anything that changes the rate. */
  catchUp(): void {
    if (this.#running || this.#stopped) return
    this.#running = true
    const nowMs = this.#clock.now()
    while (this.#paced.waits() && !this.#isStopped()) {
      if (this.#dueMs(this.#second) > nowMs) break
      const quota = quotaOfSecond(this.#paced.rate(), secondOfMinute(this.#second++))
      for (let released = 0; released < quota && this.#paced.release(); released++);
    }
    this.#running = false
    if (this.#isStopped()) return
    if (this.#paced.waits()) this.#sleep()
    else this.#paced.drained()
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
    return this.#stopped
  }
}
