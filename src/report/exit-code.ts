import type { ExitCode } from '../errors.ts'
import type { RunEnd } from '../ports/events.ts'

export interface Ending {
  readonly end: RunEnd
  readonly thresholdsFailed: number
  readonly cleanUpFailed: boolean
  /** Devices that stopped because a user's own module failed. */
  readonly pluginFailures?: number
}

/** One code for a run; what kept it from ending comes before what it found. */
export function exitCode({ end, thresholdsFailed, cleanUpFailed, pluginFailures = 0 }: Ending): ExitCode {
  if (end === 'error') return 97
  if (end === 'interrupted') return 105
  if (end === 'time-limit') return 102
  // What such devices did says nothing about the rollout.
  if (pluginFailures > 0) return 1
  if (thresholdsFailed > 0) return 99
  return cleanUpFailed ? 101 : 0
}
