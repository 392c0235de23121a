import { createHistogram, type EventLoopUtilization, type IntervalHistogram } from 'node:perf_hooks'
import type { WorkerHealth } from '../ports/health.ts'

const NANOSECONDS = 1e6
const MICROSECONDS = 1000

/** How well one worker keeps up, since it started. */
export class HealthMonitor {
  readonly #worker: number
  readonly #lag: IntervalHistogram
  readonly #utilization: () => EventLoopUtilization
  readonly #slipUs = createHistogram()
  #dropped = 0

  constructor(worker: number, lag: IntervalHistogram, utilization: () => EventLoopUtilization) {
    this.#worker = worker
    this.#lag = lag
    this.#utilization = utilization
    this.#lag.enable()
  }

  /** The clock woke devices this late. */
  slip(ms: number): void {
    this.#slipUs.record(Math.max(1, Math.round(ms * MICROSECONDS)))
  }

  dropped(): void {
    this.#dropped++
  }

  read(devices: number): WorkerHealth {
    return {
      worker: this.#worker,
      lagP99Ms: this.#lag.percentile(99) / NANOSECONDS,
      lagMaxMs: this.#lag.max / NANOSECONDS,
      slipP99Ms: this.#slipUs.count === 0 ? 0 : this.#slipUs.percentile(99) / MICROSECONDS,
      slipMaxMs: this.#slipUs.count === 0 ? 0 : this.#slipUs.max / MICROSECONDS,
      dropped: this.#dropped,
      utilization: this.#utilization().utilization,
      devices,
    }
  }

  stop(): void {
    this.#lag.disable()
  }
}
