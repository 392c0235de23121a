/** Simulated time, in milliseconds since the Unix epoch. One clock for devices, cloud and controller. */
export interface Clock {
  /** Milliseconds of simulated time since the Unix epoch. May be fractional. */
  now(): number
  /** Calls `target.wake(token)` once, at or after `atMs`. There is no cancel: a target ignores a token that it no longer expects. */
  wake(atMs: number, target: Wakeable, token: number): void
}

/** What a clock can wake. A token tells the target which of its waits is over. */
export interface Wakeable {
  wake(token: number): void
}

/** Time for code that is written with promises (the controller, the run itself). */
export interface AsyncClock extends Clock {
  /** Resolves after `ms` of simulated time; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Runs actors side by side and waits for all of them, then throws what the first of them threw. The caller must be awake: the clock's own `Promise.all`. */
  all(actors: readonly (() => Promise<void>)[]): Promise<void>
}
