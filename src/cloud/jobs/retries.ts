import type { ExecutionStatus } from '../../ports/events.ts'

/** Whether an ended execution is tried again (§4.6). */

export interface RetryCriterion {
  readonly failureType: 'FAILED' | 'TIMED_OUT' | 'ALL'
  readonly numberOfRetries: number
}

/**
 * Whether the attempt that ended with `status` is followed by another one. `retries` says, for each failure type, how many
 * retries of this thing such a failure has caused already: every type has its own allowance.
 */
export function isRetried(criteria: readonly RetryCriterion[], status: ExecutionStatus, retries: RetryCounts): boolean {
  if (status !== 'FAILED' && status !== 'TIMED_OUT') return false
  const criterion = criteria.find(({ failureType }) => failureType === status || failureType === 'ALL')
  if (!criterion) return false
  const used = criterion.failureType === 'ALL' ? retries.FAILED + retries.TIMED_OUT : retries[status]
  return used < criterion.numberOfRetries
}

export interface RetryCounts {
  readonly FAILED: number
  readonly TIMED_OUT: number
}

/** Retries that a chain of attempts has used so far, by what each retry followed. */
export function retriesUsed(latest: Attempt): RetryCounts {
  const used = { FAILED: 0, TIMED_OUT: 0 }
  for (let attempt = latest; attempt.retryAttempt > 0 && attempt.previous; attempt = attempt.previous) {
    if (attempt.previous.status === 'TIMED_OUT') used.TIMED_OUT++
    else used.FAILED++
  }
  return used
}

/** As much of an execution as retries care about. */
export interface Attempt {
  readonly status: ExecutionStatus
  readonly retryAttempt: number
  readonly previous: Attempt | undefined
}
