import { formatDuration } from '../units.ts'
import { formatCount, formatShare } from './figures.ts'
import type { Tally } from './tally.ts'
import type { Threshold } from './threshold.ts'

/** Shares are quotients of whole numbers, and a percentage of a scenario is divided by 100: they may miss each other by a rounding error. */
const SHARE_TOLERANCE = 1e-9

export interface Evaluation {
  readonly ok: boolean
  /** In the unit of the threshold: a share, a count, or milliseconds. Infinity for what was never reached, NaN for what was never measured. */
  readonly actual: number
  readonly actualText: string
  readonly note?: string
}

/** Whether the run meets the threshold, so far. What was never reached or never measured meets none. */
export function evaluate(threshold: Threshold, tally: Tally): Evaluation {
  if ('unit' in threshold) return outcome(threshold, tally)
  switch (threshold.measure) {
    case 'time_to':
      return timeTo(threshold.share, threshold, tally)
    case 'duration':
      return time(threshold, tally.duration(), 'not finished')
    case 'connect':
    case 'pickup':
    case 'download':
    case 'job':
      return time(threshold, tally.percentile(threshold.measure, threshold.percentile, threshold.group), 'nothing measured')
  }
}

function outcome(threshold: Extract<Threshold, { unit: 'share' | 'count' }>, tally: Tally): Evaluation {
  const { count, of } = tally.measure(threshold.measure, threshold.group)
  if (of === 0) return { ok: false, actual: NaN, actualText: 'no targets', note: 'no rollout targets these devices' }
  if (threshold.unit === 'count') return { ok: compare(count, threshold), actual: count, actualText: formatCount(count) }
  const ok = compare(count / of, threshold, SHARE_TOLERANCE)
  return { ok, actual: count / of, actualText: formatShare(count, of), note: `${formatCount(count)} of ${formatCount(of)}` }
}

function timeTo(share: number, threshold: Threshold, tally: Tally): Evaluation {
  const timeMs = tally.timeTo(share, threshold.group)
  if (timeMs !== undefined) return time(threshold, timeMs, '')
  const { count, of } = tally.measure('succeeded', threshold.group)
  return { ok: false, actual: Infinity, actualText: of === 0 ? 'never (no targets)' : `never (reached ${formatShare(count, of)})` }
}

function time(threshold: Threshold, timeMs: number | undefined, missing: string): Evaluation {
  if (timeMs === undefined) return { ok: false, actual: NaN, actualText: missing }
  return { ok: compare(timeMs, threshold), actual: timeMs, actualText: formatDuration(timeMs) }
}

function compare(actual: number, { comparator, value }: Threshold, tolerance = 0): boolean {
  switch (comparator) {
    case '<':
      return actual < value - tolerance
    case '<=':
      return actual <= value + tolerance
    case '>':
      return actual > value + tolerance
    case '>=':
      return actual >= value - tolerance
    case '==':
      return Math.abs(actual - value) <= tolerance
    case '!=':
      return Math.abs(actual - value) > tolerance
  }
}
