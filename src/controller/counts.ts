import type { JobProcessDetails } from '@aws-sdk/client-iot'
import type { ExecutionCounts, ExecutionStatus } from '../ports/events.ts'

export function noCounts(): Record<ExecutionStatus, number> {
  return { QUEUED: 0, IN_PROGRESS: 0, SUCCEEDED: 0, FAILED: 0, TIMED_OUT: 0, REJECTED: 0, REMOVED: 0, CANCELED: 0 }
}

/** DescribeJob's `jobProcessDetails` by status. */
export function countsOf(details: JobProcessDetails | undefined): ExecutionCounts {
  return {
    QUEUED: details?.numberOfQueuedThings ?? 0,
    IN_PROGRESS: details?.numberOfInProgressThings ?? 0,
    SUCCEEDED: details?.numberOfSucceededThings ?? 0,
    FAILED: details?.numberOfFailedThings ?? 0,
    TIMED_OUT: details?.numberOfTimedOutThings ?? 0,
    REJECTED: details?.numberOfRejectedThings ?? 0,
    REMOVED: details?.numberOfRemovedThings ?? 0,
    CANCELED: details?.numberOfCanceledThings ?? 0,
  }
}
