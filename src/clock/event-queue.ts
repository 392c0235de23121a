import type { Wakeable } from '../ports/clock.ts'

const INITIAL_CAPACITY = 1024

/**
 * What is due when: a 4-ary heap over parallel arrays, ordered by time and, at the same time, by the order of insertion.
 * Both clocks run on it; nothing is ever cancelled, since targets ignore tokens that they no longer expect.
 */
export class EventQueue {
  #times = new Float64Array(INITIAL_CAPACITY)
  #orders = new Float64Array(INITIAL_CAPACITY)
  #tokens = new Int32Array(INITIAL_CAPACITY)
  readonly #targets: Wakeable[] = []
  #size = 0
  #inserted = 0

  get size(): number {
    return this.#size
  }

  /** When the first entry is due; Infinity when there is none. */
  get nextAt(): number {
    return this.#size === 0 ? Infinity : this.#times[0]!
  }

  push(at: number, target: Wakeable, token: number): void {
    if (this.#size === this.#times.length) this.#grow()
    const order = this.#inserted++
    const times = this.#times
    const orders = this.#orders
    const tokens = this.#tokens
    const targets = this.#targets
    let hole = this.#size++
    while (hole > 0) {
      const parent = (hole - 1) >> 2
      if (times[parent]! <= at) break
      times[hole] = times[parent]!
      orders[hole] = orders[parent]!
      tokens[hole] = tokens[parent]!
      targets[hole] = targets[parent]!
      hole = parent
    }
    times[hole] = at
    orders[hole] = order
    tokens[hole] = token
    targets[hole] = target
  }

  /** Takes the first entry out and wakes its target. Only when there is one. */
  wakeFirst(): void {
    const target = this.#targets[0]!
    const token = this.#tokens[0]!
    this.#removeFirst()
    target.wake(token)
  }

  #removeFirst(): void {
    const times = this.#times
    const orders = this.#orders
    const tokens = this.#tokens
    const targets = this.#targets
    const size = --this.#size
    const at = times[size]!
    const order = orders[size]!
    let hole = 0
    for (;;) {
      const firstChild = hole * 4 + 1
      if (firstChild >= size) break
      const end = Math.min(firstChild + 4, size)
      let least = firstChild
      for (let child = firstChild + 1; child < end; child++) {
        if (times[child]! < times[least]! || (times[child]! === times[least]! && orders[child]! < orders[least]!)) least = child
      }
      if (times[least]! > at || (times[least]! === at && orders[least]! > order)) break
      times[hole] = times[least]!
      orders[hole] = orders[least]!
      tokens[hole] = tokens[least]!
      targets[hole] = targets[least]!
      hole = least
    }
    times[hole] = at
    orders[hole] = order
    tokens[hole] = tokens[size]!
    targets[hole] = targets[size]!
    targets.length = size
  }

  #grow(): void {
    this.#times = grown(this.#times, Float64Array)
    this.#orders = grown(this.#orders, Float64Array)
    this.#tokens = grown(this.#tokens, Int32Array)
  }
}

function grown<T extends Float64Array | Int32Array>(old: T, Type: new (length: number) => T): T {
  const larger = new Type(old.length * 2)
  larger.set(old)
  return larger
}
