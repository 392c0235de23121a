import { EXECUTION_STATUSES, type ExecutionCounts, type ExecutionStatus } from '../ports/events.ts'

/** What a chart can show; more points are merged pairwise. */
export const MAX_POINTS = 2000

/** A rollout over time, by column: `at` in milliseconds since the run began, and how many executions were in each state then. */
export type CurveColumns = { readonly at: readonly number[] } & { readonly [status in ExecutionStatus]: readonly number[] }

const WIDTH = EXECUTION_STATUSES.length

/** Samples of a rollout's counts, thinned as they come: at most MAX_POINTS, evenly spaced, the last one always kept. */
export class Curve {
  readonly #at = new Float64Array(MAX_POINTS)
  readonly #counts = new Int32Array(MAX_POINTS * WIDTH)
  #length = 0
  #spacingMs = 0

  /** Samples come in order of time. One that comes sooner than the spacing after the last but one replaces the last. */
  add(at: number, counts: ExecutionCounts): void {
    const tooSoon = this.#length >= 2 && at - this.#at[this.#length - 2]! < this.#spacingMs
    if (!tooSoon) {
      if (this.#length === MAX_POINTS) this.#halve()
      this.#length += 1
    }
    const last = this.#length - 1
    this.#at[last] = at
    for (let column = 0; column < WIDTH; column++) this.#counts[last * WIDTH + column] = counts[EXECUTION_STATUSES[column]!]
  }

  columns(): CurveColumns {
    const column = (index: number) => Array.from({ length: this.#length }, (_, point) => this.#counts[point * WIDTH + index]!)
    const statuses = Object.fromEntries(EXECUTION_STATUSES.map((status, index) => [status, column(index)])) as Record<ExecutionStatus, number[]>
    return { at: [...this.#at.subarray(0, this.#length)], ...statuses }
  }

  /** Keeps the first point, every second one after it, and the last. */
  #halve(): void {
    let kept = 0
    for (let point = 0; point < this.#length; point++) {
      if (point % 2 === 1 && point !== this.#length - 1) continue
      this.#at[kept] = this.#at[point]!
      this.#counts.copyWithin(kept * WIDTH, point * WIDTH, (point + 1) * WIDTH)
      kept += 1
    }
    this.#length = kept
    this.#spacingMs = ((this.#at[kept - 1]! - this.#at[0]!) / kept) * 0.999
  }
}

/** Things that the rollout has reached: those with an execution, whatever became of it. */
export function notified(counts: ExecutionCounts): number {
  let sum = 0
  for (const status of EXECUTION_STATUSES) sum += counts[status]
  return sum
}

/** The notified column of a curve. */
export function notifiedColumn(curve: CurveColumns): number[] {
  return curve.at.map((_, point) => EXECUTION_STATUSES.reduce((sum, status) => sum + curve[status][point]!, 0))
}
