import { ScaledClock } from '../../src/clock/scaled.ts'
import type { Clock, Wakeable } from '../../src/ports/clock.ts'

/** Real time that can also be passed at once: what was due in between wakes, in order, at its own time. */
export class PassingClock implements Clock {
  readonly #real = ScaledClock.starting(1)
  #waits: Wait[] = []
  #passedMs = 0
  /** While time is passed: the moment that has been reached. */
  #reachedMs: number | undefined

  now(): number {
    return this.#reachedMs ?? this.#real.now() + this.#passedMs
  }

  wake(atMs: number, target: Wakeable, token: number): void {
    const wait = { atMs, target, token }
    const later = this.#waits.findIndex((other) => other.atMs > atMs)
    this.#waits.splice(later < 0 ? this.#waits.length : later, 0, wait)
    this.#real.wake(atMs - this.#passedMs, { wake: () => this.#due(wait) }, 0)
  }

  /** Lets the clock of the cloud go on by this much. */
  pass(ms: number): void {
    const untilMs = this.now() + ms
    while (this.#waits.length > 0 && this.#waits[0]!.atMs <= untilMs) {
      this.#reachedMs = Math.max(this.#waits[0]!.atMs, this.now())
      this.#due(this.#waits[0]!)
    }
    this.#reachedMs = undefined
    this.#passedMs += ms
  }

  stop(): void {
    this.#real.stop()
    this.#waits = []
  }

  #due(wait: Wait): void {
    const at = this.#waits.indexOf(wait)
    if (at < 0) return
    this.#waits.splice(at, 1)
    wait.target.wake(wait.token)
  }
}

interface Wait {
  readonly atMs: number
  readonly target: Wakeable
  readonly token: number
}
