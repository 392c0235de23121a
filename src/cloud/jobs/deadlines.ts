import type { Clock, Wakeable } from '../../ports/clock.ts'
import { type Execution, isTerminal } from './execution.ts'
import { deadlineMs } from './timers.ts'

/**
 * Wakes executions at their deadline. One heap and one pending wake for all of them: most executions end before their deadline, and a deadline that
 * moved or fell away is noticed only when its old entry comes up.
 */
export class Deadlines implements Wakeable {
  readonly #clock: Clock
  readonly #expire: (execution: Execution) => void
  #heap = new Heap()
  #wakeAtMs = Infinity
  #token = 0

  constructor(clock: Clock, expire: (execution: Execution) => void) {
    this.#clock = clock
    this.#expire = expire
  }

  /** Call after the timers of an execution changed; `beforeMs` is the deadline that it had before. */
  moved(execution: Execution, beforeMs: number): void {
    const atMs = deadlineMs(execution.timers)
    if (atMs >= beforeMs) return
    this.#heap.push(atMs, execution)
    this.#schedule()
  }

  clear(): void {
    this.#heap = new Heap()
    this.#wakeAtMs = Infinity
    this.#token++
  }

  wake(token: number): void {
    if (token !== this.#token) return
    this.#wakeAtMs = Infinity
    const nowMs = this.#clock.now()
    for (let execution = this.#heap.top; execution; execution = this.#heap.top) {
      const over = isTerminal(execution.status) || execution.deleted
      if (!over && this.#heap.topAtMs > nowMs) break
      this.#heap.pop()
      if (over) continue
      const atMs = deadlineMs(execution.timers)
      if (atMs <= nowMs) this.#expire(execution)
      else if (atMs < Infinity) this.#heap.push(atMs, execution)
    }
    this.#schedule()
  }

  #schedule(): void {
    const atMs = this.#heap.topAtMs
    if (atMs >= this.#wakeAtMs) return
    this.#wakeAtMs = atMs
    this.#clock.wake(atMs, this, ++this.#token)
  }
}

/** A binary heap over two flat arrays: 16 bytes an entry. */
class Heap {
  readonly #atMs: number[] = []
  readonly #executions: Execution[] = []

  get top(): Execution | undefined {
    return this.#executions[0]
  }

  /** Infinity when empty. */
  get topAtMs(): number {
    return this.#atMs[0] ?? Infinity
  }

  push(atMs: number, execution: Execution): void {
    let at = this.#atMs.length
    this.#atMs.push(atMs)
    this.#executions.push(execution)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#atMs[parent]! <= atMs) break
      this.#set(at, this.#atMs[parent]!, this.#executions[parent]!)
      at = parent
    }
    this.#set(at, atMs, execution)
  }

  pop(): void {
    const atMs = this.#atMs.pop()
    const execution = this.#executions.pop()
    const { length } = this.#atMs
    if (length === 0 || atMs === undefined || execution === undefined) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= length) break
      if (child + 1 < length && this.#atMs[child + 1]! < this.#atMs[child]!) child++
      if (this.#atMs[child]! >= atMs) break
      this.#set(at, this.#atMs[child]!, this.#executions[child]!)
      at = child
    }
    this.#set(at, atMs, execution)
  }

  #set(at: number, atMs: number, execution: Execution): void {
    this.#atMs[at] = atMs
    this.#executions[at] = execution
  }
}
