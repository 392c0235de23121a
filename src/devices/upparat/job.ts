import { isRecord } from '../ota/messages.ts'

/** Other services on the same thing have jobs, too: Upparat takes those whose ids begin so. */
const JOB_PREFIX = 'upparat_'

/** A job as its description has it. */
export interface Job {
  readonly id: string
  readonly status: string
  /** What the service itself reported last, before a reboot for instance. */
  readonly state: unknown
  readonly file: string
  readonly version: unknown
  readonly force: boolean
  /** Seconds since the epoch. */
  readonly queuedAt: number | undefined
}

/** Ids of pending jobs, those that are queued oldest first. */
export interface Pending {
  readonly inProgress: readonly string[]
  readonly queued: readonly string[]
}

/** The description of a job execution; undefined when it lacks what the service can't do without. */
export function parseJob(execution: unknown): Job | undefined {
  if (!isRecord(execution) || !isRecord(execution['jobDocument'])) return undefined
  const { jobId, status, statusDetails, queuedAt, jobDocument } = execution
  const { file, version, force } = jobDocument as Record<string, unknown>
  if (typeof jobId !== 'string' || typeof status !== 'string' || typeof file !== 'string' || version === undefined) return undefined
  return {
    id: jobId,
    status,
    state: isRecord(statusDetails) ? statusDetails['state'] : undefined,
    file,
    version,
    force: Boolean(force),
    queuedAt: typeof queuedAt === 'number' ? queuedAt : undefined,
  }
}

/** Upparat's own among the summaries of pending jobs; undefined when there are none. */
export function pendingJobs(inProgress: unknown, queued: unknown): Pending | undefined {
  const pending = {
    inProgress: ownSummaries(inProgress).map(({ jobId }) => jobId),
    queued: ownSummaries(queued)
      .toSorted((a, b) => a.queuedAt - b.queuedAt)
      .map(({ jobId }) => jobId),
  }
  return pending.inProgress.length + pending.queued.length > 0 ? pending : undefined
}

/** Whether a `notify` lists a job as IN_PROGRESS: one that it doesn't counts as canceled, whatever has happened. */
export function isInProgress(notification: unknown, jobId: string): boolean {
  const jobs = isRecord(notification) && isRecord(notification['jobs']) ? notification['jobs'] : {}
  return summaries(jobs['IN_PROGRESS']).some((summary) => summary['jobId'] === jobId)
}

function ownSummaries(list: unknown): { jobId: string; queuedAt: number }[] {
  return summaries(list).flatMap(({ jobId, queuedAt }) =>
    typeof jobId === 'string' && jobId.startsWith(JOB_PREFIX) ? [{ jobId, queuedAt: Number(queuedAt) }] : [],
  )
}

function summaries(list: unknown): Record<string, unknown>[] {
  return Array.isArray(list) ? list.filter(isRecord) : []
}
