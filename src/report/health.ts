import type { WorkerHealth } from '../ports/health.ts'
import { formatDuration } from '../units.ts'
import { plural } from './figures.ts'

/** Beyond these, times in the report are the generator's and not the cloud's. Wall-clock milliseconds, and a share of the event loop. */
const MAX_SLIP_P99_MS = 250
const MAX_LAG_P99_MS = 250
const MAX_UTILIZATION = 0.95

/** Simulated seconds per second of wall clock; `max` is virtual time. */
export type Speed = number | 'max'

export interface HealthVerdict {
  readonly healthy: boolean
  readonly reasons: readonly string[]
}

/** Whether the load generator kept up. In virtual time nothing can be late: there only a dropped message counts. */
export function judge(workers: readonly WorkerHealth[], speed: Speed): HealthVerdict {
  const reasons = workers.flatMap((worker) => reasonsOf(worker, speed))
  return { healthy: reasons.length === 0, reasons }
}

function reasonsOf(worker: WorkerHealth, speed: Speed): string[] {
  const reasons: string[] = []
  const name = `worker ${worker.worker}`
  if (speed !== 'max') {
    if (worker.slipP99Ms > MAX_SLIP_P99_MS)
      reasons.push(`${name} woke devices ${late(worker.slipP99Ms, speed)} late (p99; limit ${MAX_SLIP_P99_MS}ms)`)
    if (worker.lagP99Ms > MAX_LAG_P99_MS) {
      reasons.push(`${name} held its event loop up for ${formatDuration(worker.lagP99Ms)} (p99; limit ${MAX_LAG_P99_MS}ms)`)
    }
    if (worker.utilization > MAX_UTILIZATION) {
      reasons.push(`${name} was busy ${Math.round(worker.utilization * 100)} % of the time (limit ${MAX_UTILIZATION * 100} %)`)
    }
  }
  if (worker.dropped > 0) reasons.push(`${name} dropped ${plural(worker.dropped, 'message')} that no device had room for`)
  return reasons
}

function late(slipMs: number, speed: number): string {
  return speed === 1 ? formatDuration(slipMs) : `${formatDuration(slipMs)} (${formatDuration(slipMs * speed)} of simulated time)`
}
