import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import { TIMINGS, type Timing } from './threshold.ts'

/** Eleven days, in milliseconds; a longer time is recorded as this one. */
const HIGHEST_MS = 1e9
/** Three significant figures: a percentile is off by at most 0.1 %. */
const FIGURES = 3

/** Milliseconds of simulated time over `n` observations. Percentiles to three figures, the rest exact. */
export interface TimingSummary {
  readonly n: number
  readonly min: number
  readonly mean: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/** A histogram for each timing and group. Over all groups they are merged: percentiles are never averaged. */
export class Timings {
  readonly #series: (Series | undefined)[]
  readonly #groupCount: number

  constructor(groupCount: number) {
    this.#groupCount = groupCount
    this.#series = Array.from<Series | undefined>({ length: groupCount * TIMINGS.length })
  }

  record(timing: Timing, group: number, ms: number): void {
    const at = this.#index(timing, group)
    const series = (this.#series[at] ??= new Series())
    series.record(ms)
  }

  /** Milliseconds, or undefined when nothing was observed. */
  percentile(timing: Timing, percentile: number, group?: number): number | undefined {
    return this.#merged(timing, group)?.percentile(percentile)
  }

  summary(timing: Timing, group?: number): TimingSummary | undefined {
    return this.#merged(timing, group)?.summary()
  }

  #merged(timing: Timing, group: number | undefined): Series | undefined {
    if (group !== undefined) return this.#series[this.#index(timing, group)]
    let merged: Series | undefined
    for (let index = 0; index < this.#groupCount; index++) {
      const series = this.#series[this.#index(timing, index)]
      if (!series) continue
      merged ??= new Series()
      merged.add(series)
    }
    return merged
  }

  #index(timing: Timing, group: number): number {
    return group * TIMINGS.length + TIMINGS.indexOf(timing)
  }
}

class Series {
  readonly #histogram: RecordableHistogram = createHistogram({ lowest: 1, highest: HIGHEST_MS, figures: FIGURES })
  #n = 0
  #sum = 0
  #min = Infinity
  #max = 0

  record(ms: number): void {
    this.#n += 1
    this.#sum += ms
    if (ms < this.#min) this.#min = ms
    if (ms > this.#max) this.#max = ms
    // The histogram takes whole numbers from 1: what is shorter than a millisecond is recorded as one.
    this.#histogram.record(Math.min(HIGHEST_MS, Math.max(1, Math.round(ms))))
  }

  add(other: Series): void {
    this.#histogram.add(other.#histogram)
    this.#n += other.#n
    this.#sum += other.#sum
    this.#min = Math.min(this.#min, other.#min)
    this.#max = Math.max(this.#max, other.#max)
  }

  /** The smallest time that at least so many per cent of all are within. */
  percentile(percentile: number): number {
    // The histogram rounds the rank to the nearest: asked for the whole rank above, it answers for no fewer than it was asked for.
    const rank = Math.ceil((percentile / 100) * this.#n)
    const ms = this.#histogram.percentile((100 * rank) / this.#n)
    // A bucket answers with its upper end, which may lie above the largest time that it holds.
    return Math.min(this.#max, Math.max(this.#min, ms))
  }

  summary(): TimingSummary {
    return {
      n: this.#n,
      min: this.#min,
      mean: this.#sum / this.#n,
      p50: this.percentile(50),
      p95: this.percentile(95),
      p99: this.percentile(99),
      max: this.#max,
    }
  }
}
