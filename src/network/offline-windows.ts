import type { OfflineWindow } from './config.ts'

/** Windows that follow each other without a gap; beyond, a link counts as never online. */
const MAX_WINDOWS_IN_A_ROW = 1000
/** Times since the epoch have steps of a quarter of a microsecond: a shorter way to the end of a window would be none. */
const LEAST_STEP_MS = 0.001

/** When one device's link is configured to be down. All times in simulated milliseconds. */
export class OfflineWindows {
  readonly #windows: readonly OfflineWindow[]
  readonly #startMs: number
  readonly #phase: number

  /** Windows are relative to `startMs`, the start of the run; those that return are shifted by `phase`, a share of their interval. */
  constructor(windows: readonly OfflineWindow[], startMs: number, phase: number) {
    this.#windows = windows
    this.#startMs = startMs
    this.#phase = phase
  }

  /** The end of the offline time in which `now` lies: `now` itself when it lies in none, Infinity when it has no end. */
  onlineAt(now: number): number {
    let at = now
    // Where one window ends, another may have begun.
    for (let windows = 0; windows < MAX_WINDOWS_IN_A_ROW; windows++) {
      const end = this.#windowEnd(at)
      if (end <= at) return at
      at = end
    }
    return Infinity
  }

  /** When the next window begins after `now`; Infinity when there is none. */
  nextAt(now: number): number {
    let next = Infinity
    for (const window of this.#windows) {
      const at = 'at' in window ? this.#startMs + window.at : now + window.every - this.#sinceWindow(now, window.every)
      if (at > now && at < next) next = at
    }
    return next
  }

  /** The end of a window in which `at` lies; `at` itself when it lies in none. */
  #windowEnd(at: number): number {
    for (const window of this.#windows) {
      const since = 'at' in window ? at - this.#startMs - window.at : this.#sinceWindow(at, window.every)
      if (since >= 0 && since < window.for) return at + Math.max(LEAST_STEP_MS, window.for - since)
    }
    return at
  }

  #sinceWindow(at: number, everyMs: number): number {
    return (at - this.#startMs + this.#phase * everyMs) % everyMs
  }
}
