import type { Job } from '@aws-sdk/client-iot'
import type { ExecutionCounts } from '../ports/events.ts'
import { call } from './call.ts'
import type { JobConfig } from './config.ts'
import { countsOf } from './counts.ts'
import { lastExecutions } from './last-executions.ts'
import type { ControllerOptions, RolloutEnd } from './options.ts'
import { pollMs, reached } from './pace.ts'
import { cancelJob } from './remove-job.ts'

export interface FollowedJob {
  readonly jobId: string
  /** Index of its rollout. */
  readonly rollout: number
  readonly targets: number
  readonly targetSelection: JobConfig['targetSelection']
  /** An operator who stops it, so long after its start. */
  readonly cancel: { readonly at: number; readonly force: boolean } | undefined
}

/** Follows a job that has just been created to its last execution. When the run is stopped, it ends with what the cloud says at that moment. */
export async function followJob(options: ControllerOptions, followed: FollowedJob): Promise<RolloutEnd> {
  const { clients, clock, emit, fleet, now0 } = options
  const { jobId, rollout, targets } = followed
  const at = () => clock.now() - now0
  emit({ at: at(), type: 'rollout-started', rollout, update: jobId, targets })
  const job = await untilOver(options, followed, (status, counts) => emit({ at: at(), type: 'rollout-progress', rollout, status, counts }))
  await lastExecutions(clients, jobId, fleet, (device, status, attempts) => {
    emit({ at: at(), type: 'execution', rollout, device, status, attempts })
  })
  const reason = [job.reasonCode, job.comment].filter(Boolean).join(': ')
  const end = { rollout, status: statusOf(job), counts: countsOf(job.jobProcessDetails), ...(reason && { reason }) }
  emit({ at: at(), type: 'rollout-finished', ...end })
  return { ...end, update: jobId }
}

async function untilOver(
  { clients, clock, signal }: ControllerOptions,
  { jobId, cancel, targetSelection, targets }: FollowedJob,
  tell: (status: string, counts: ExecutionCounts) => void,
): Promise<Job> {
  const startedAt = clock.now()
  let cancelAt = cancel ? startedAt + cancel.at : Infinity
  for (;;) {
    const stopped = signal.aborted
    const { job: seen = {} } = await call('DescribeJob', clients.iot.describeJob({ jobId }))
    const counts = countsOf(seen.jobProcessDetails)
    tell(statusOf(seen), counts)
    if (stopped || isOver(statusOf(seen), counts, targetSelection, targets)) return seen

    if (clock.now() >= cancelAt) {
      cancelAt = Infinity
      // A job that aborted itself meanwhile is left to end by itself.
      if (statusOf(seen) !== 'CANCELED') await cancelJob(clients, jobId, cancel!.force, 'PLANNED_CANCEL', 'As the scenario says')
      continue
    }
    await reached(clock, Math.min(cancelAt, clock.now() + pollMs(clock.now() - startedAt)), signal)
  }
}

function isOver(status: string, counts: ExecutionCounts, targetSelection: JobConfig['targetSelection'], targets: number): boolean {
  if (status === 'COMPLETED') return true
  if (counts.QUEUED + counts.IN_PROGRESS > 0) return false
  if (status === 'CANCELED') return true
  // A continuous job never completes; a rehearsal's fleet does not grow, so it is over when everybody was served (aws-iot.md §4.1).
  const { SUCCEEDED, FAILED, TIMED_OUT, REJECTED, REMOVED, CANCELED } = counts
  return targetSelection === 'CONTINUOUS' && SUCCEEDED + FAILED + TIMED_OUT + REJECTED + REMOVED + CANCELED >= targets
}

function statusOf(job: Job): string {
  return job.status ?? 'IN_PROGRESS'
}
