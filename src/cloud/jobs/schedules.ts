import type { Clock } from '../../ports/clock.ts'
import type { Job } from './job.ts'

/** What schedules ask of the engine. `open` and `close` may come again while nothing changes. */
export interface ScheduleHost {
  isCurrent(job: Job): boolean
  /** The start has come, or a maintenance window opens. */
  open(job: Job): void
  /** No maintenance window is open. */
  close(job: Job): void
  /** The end has come. */
  end(job: Job): void
}

/** Starts, maintenance windows and ends of jobs (§4.7), on the clock. */
export class Schedules {
  readonly #clock: Clock
  readonly #host: ScheduleHost

  constructor(clock: Clock, host: ScheduleHost) {
    this.#clock = clock
    this.#host = host
  }

  /** A new job, which begins within this call if its schedule allows. */
  add(job: Job): void {
    this.#awaitEnd(job)
    const startMs = job.schedule?.startMs ?? 0
    if (startMs > this.#clock.now()) this.#wake(startMs, () => this.#look(job))
    else this.#look(job)
  }

  /** A job of before: what has become due happens when the clock wakes. */
  restore(job: Job): void {
    this.#awaitEnd(job)
    this.#wake(Math.max(job.schedule?.startMs ?? 0, this.#clock.now()), () => this.#look(job))
  }

  #awaitEnd(job: Job): void {
    const endMs = job.schedule?.endMs
    if (endMs !== undefined) this.#wake(endMs, () => this.#isRunning(job) && this.#host.end(job))
  }

  #look(job: Job): void {
    if (!this.#isRunning(job)) return
    const { windows, schedule } = job
    if (!windows) return this.#host.open(job)
    const nowMs = this.#clock.now()
    const untilMs = windows.openUntil(nowMs)
    if (untilMs === undefined) this.#host.close(job)
    else this.#host.open(job)
    const nextMs = untilMs ?? windows.nextStart(nowMs)
    if (nextMs !== undefined && nextMs < (schedule?.endMs ?? Infinity)) this.#wake(nextMs, () => this.#look(job))
  }

  #isRunning(job: Job): boolean {
    return job.isActive && !job.isPastEnd && this.#host.isCurrent(job)
  }

  #wake(atMs: number, act: () => void): void {
    this.#clock.wake(atMs, { wake: act }, 0)
  }
}
