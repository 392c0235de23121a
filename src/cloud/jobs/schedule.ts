import { ENFORCE_SCHEDULE_LEAD } from './choices.ts'
import type { MaintenanceWindow } from './maintenance-windows.ts'

/** `schedulingConfig` (§4.7). Times in milliseconds since the epoch. */
export interface Schedule {
  readonly startMs?: number | undefined
  readonly endMs?: number | undefined
  readonly endBehavior: EndBehavior
  /** Absent: the rollout goes on from start to end. */
  readonly maintenanceWindows?: readonly MaintenanceWindow[] | undefined
  /** As the operator gave it, for DescribeJob. */
  readonly config: Readonly<Record<string, unknown>>
}

type EndBehavior = 'STOP_ROLLOUT' | 'CANCEL' | 'FORCE_CANCEL'

const MINUTE_MS = 60_000
const YEAR_MS = 365 * 24 * 60 * MINUTE_MS

/** How far ahead a start, and an end, must and may lie; the end also lies as far behind the start. */
const MIN_LEAD_MS = ENFORCE_SCHEDULE_LEAD ? 30 * MINUTE_MS : 0
const MAX_START_LEAD_MS = YEAR_MS
const MAX_END_LEAD_MS = 2 * YEAR_MS

const TIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)Z?$/

/** `2026-05-01 12:30`, or with `T`, seconds and `Z`, in UTC; undefined when it is no time. */
export function parseTime(text: string): number | undefined {
  const match = TIME.exec(text)
  const atMs = match ? Date.parse(`${match[1]}T${match[2]}Z`) : Number.NaN
  return Number.isNaN(atMs) ? undefined : atMs
}

/** `2026-05-01 12:30`, in UTC. */
export function timeText(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')
}

/** What is wrong with the times of a schedule, or undefined. */
export function scheduleProblem({ startMs, endMs }: Pick<Schedule, 'startMs' | 'endMs'>, nowMs: number): string | undefined {
  if (startMs !== undefined && (startMs < nowMs + MIN_LEAD_MS || startMs > nowMs + MAX_START_LEAD_MS))
    return 'startTime must be at least 30 minutes and at most one year from now'
  if (endMs === undefined) return undefined
  if (endMs < nowMs + MIN_LEAD_MS || endMs > nowMs + MAX_END_LEAD_MS) return 'endTime must be at least 30 minutes and at most two years from now'
  if (startMs !== undefined && endMs < startMs + MIN_LEAD_MS) return 'endTime must be at least 30 minutes after startTime'
  return undefined
}
