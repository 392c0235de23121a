import type { ExitCode } from '../errors.ts'
import type { RunEnd } from '../ports/events.ts'

export interface Ending {
  readonly end: RunEnd
  readonly thresholdsFailed: number
  readonly cleanUpFailed: boolean
}

/** One code for a run; what kept it from ending comes before what it found. */
export function exitCode({ end, thresholdsFailed, cleanUpFailed }: Ending): ExitCode {
  if (end === 'error') return 97
  if (end === 'interrupted') return 105
  if (end === 'time-limit') return 102
  if (thresholdsFailed > 0) return 99
  return cleanUpFailed ? 101 : 0
}
