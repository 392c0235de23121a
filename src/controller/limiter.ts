/** How long nobody calls an operation that AWS throttled; the SDK's own retries wait longer each time on top of it. */
const PAUSE_MS = 1000

export interface WallTime {
  now(): number
  sleep(ms: number): Promise<void>
}

/** Spaces the calls of each operation evenly, so that a quota is never exceeded, not even within a second. */
export class Limiter {
  readonly #callsPerSecond: (operation: string) => number
  readonly #time: WallTime
  readonly #nextAt = new Map<string, number>()

  constructor(callsPerSecond: (operation: string) => number, time: WallTime) {
    this.#callsPerSecond = callsPerSecond
    this.#time = time
  }

  /** Resolves when it is this call's turn. */
  async admit(operation: string): Promise<void> {
    const now = this.#time.now()
    const at = Math.max(now, this.#nextAt.get(operation) ?? 0)
    this.#nextAt.set(operation, at + 1000 / this.#callsPerSecond(operation))
    if (at > now) await this.#time.sleep(at - now)
  }

  /** AWS found it too fast all the same: others use the quota, too. */
  throttled(operation: string): void {
    const resumeAt = this.#time.now() + PAUSE_MS
    this.#nextAt.set(operation, Math.max(resumeAt, this.#nextAt.get(operation) ?? 0))
  }
}
