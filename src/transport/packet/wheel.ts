/** Slots of one tick each; what is due later than that stays in its slot for another round. */
const SLOTS = 256

/** What waits in a wheel. The fields belong to the wheel. */
export interface Waiting {
  /** The tick at which it is due; 0 = it isn't waiting. */
  dueAt: number
  earlier: Waiting | undefined
  later: Waiting | undefined
  onDue(): void
}

/** A hashed timing wheel (Varghese and Lauck): the waits of all connections of a transport with a single timer, which runs while somebody waits. */
export class Wheel {
  /** Ticks so far. */
  now = 0
  readonly #tickMs: number
  readonly #slots: (Waiting | undefined)[] = Array.from({ length: SLOTS }, () => undefined)
  #waiting = 0
  #timer: NodeJS.Timeout | undefined

  constructor(tickMs: number) {
    this.#tickMs = tickMs
  }

  /** Calls `onDue` after so many ticks, at least one, and no longer after what was asked for before. */
  add(one: Waiting, ticks: number): void {
    this.remove(one)
    one.dueAt = this.now + Math.max(1, ticks)
    const slot = one.dueAt % SLOTS
    const first = this.#slots[slot]
    one.earlier = undefined
    one.later = first
    if (first) first.earlier = one
    this.#slots[slot] = one
    this.#waiting++
    this.#timer ??= setInterval(() => this.tick(), this.#tickMs).unref()
  }

  /** Whoever isn't there is ignored. */
  remove(one: Waiting): void {
    if (one.dueAt === 0) return
    if (one.earlier) one.earlier.later = one.later
    else this.#slots[one.dueAt % SLOTS] = one.later
    if (one.later) one.later.earlier = one.earlier
    one.earlier = one.later = undefined
    one.dueAt = 0
    this.#waiting--
    if (this.#waiting > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** One tick has passed. */
  tick(): void {
    this.now++
    const due: Waiting[] = []
    for (let one = this.#slots[this.now % SLOTS]; one; one = one.later) if (one.dueAt === this.now) due.push(one)
    for (const one of due) {
      // What was due earlier may have removed it.
      if (one.dueAt !== this.now) continue
      this.remove(one)
      one.onDue()
    }
  }
}
