/** How well a load generator (one worker) kept up: the verdict marks results as not to be trusted when it did not. */
export interface WorkerHealth {
  readonly worker: number
  /** Event-loop delay in wall-clock milliseconds. */
  readonly lagP99Ms: number
  readonly lagMaxMs: number
  /** How late the clock woke devices, in wall-clock milliseconds. */
  readonly slipP99Ms: number
  readonly slipMaxMs: number
  /** Messages that a device's inbox had no room for. */
  readonly dropped: number
  /** Busy share of the worker's event loop, 0 to 1. */
  readonly utilization: number
  readonly devices: number
}
