import type { Job } from '@aws-sdk/client-iot'
import type { ExecutionCounts } from '../ports/events.ts'
import { call, callExpecting } from './call.ts'
import type { JobConfig, RolloutConfig } from './config.ts'
import { countsOf } from './counts.ts'
import { createJobInput, jobIdOf } from './job-input.ts'
import { lastExecutions } from './last-executions.ts'
import type { ControllerOptions, RolloutEnd } from './options.ts'
import { pollMs, reached } from './pace.ts'
import type { Preparation } from './preparation.ts'
import { sizeOf, targetGroups } from './targets.ts'

export type JobRollout = Extract<RolloutConfig, { job: JobConfig }>

/** One AWS IoT job from CreateJob to its last execution. When the run is stopped, it ends with what the cloud says at that moment. */
export async function rollOutJob(options: ControllerOptions, preparation: Preparation, index: number, rollout: JobRollout): Promise<RolloutEnd> {
  const { clients, clock, emit, fleet, now0 } = options
  const at = () => clock.now() - now0
  const targets = sizeOf(targetGroups(fleet, rollout.job.targets))
  const jobId = await createJob(options, preparation, index, rollout.job)
  emit({ at: at(), type: 'rollout-started', rollout: index, update: jobId, targets })

  const job = await follow(options, jobId, rollout, targets, (status, counts) => {
    emit({ at: at(), type: 'rollout-progress', rollout: index, status, counts })
  })
  await lastExecutions(clients, jobId, fleet, (device, status, attempts) => {
    emit({ at: at(), type: 'execution', rollout: index, device, status, attempts })
  })
  const reason = [job.reasonCode, job.comment].filter(Boolean).join(': ')
  const end = { rollout: index, status: statusOf(job), counts: countsOf(job.jobProcessDetails), ...(reason && { reason }) }
  emit({ at: at(), type: 'rollout-finished', ...end })
  return { ...end, update: jobId }
}

/** Cancels a job; one that is over or gone stays as it is. `force` takes executions in progress along. */
export async function cancelJob({ clients }: ControllerOptions, jobId: string, force: boolean, reasonCode: string, comment: string): Promise<void> {
  // Cancelling what is over is an InvalidRequestException; between two looks it may have ended by itself (aws-iot.md §3.4).
  await callExpecting(
    'CancelJob',
    ['InvalidRequestException', 'ResourceNotFoundException'],
    clients.iot.cancelJob({ jobId, force, reasonCode, comment }),
  )
}

async function createJob(options: ControllerOptions, preparation: Preparation, index: number, job: JobConfig): Promise<string> {
  const { clients, fleet, runId, roleArn, scenario } = options
  const { bucket, groupArns, image, resources } = preparation
  const groups = targetGroups(fleet, job.targets)
  const input = createJobInput({
    jobId: jobIdOf(scenario.name, runId, index),
    job,
    targetArns: groups.map((group) => groupArns.get(group.name)!),
    image: image(job.image, groups[0]!.kind),
    bucket,
    region: clients.region,
    roleArn,
    runId,
  })
  await call('CreateJob', clients.iot.createJob(input))
  resources.jobs.add(input.jobId!)
  return input.jobId!
}

async function follow(
  options: ControllerOptions,
  jobId: string,
  { job, cancel }: JobRollout,
  targets: number,
  tell: (status: string, counts: ExecutionCounts) => void,
): Promise<Job> {
  const { clients, clock, signal } = options
  const startedAt = clock.now()
  let cancelAt = cancel ? startedAt + cancel.at : Infinity
  for (;;) {
    const stopped = signal.aborted
    const { job: seen = {} } = await call('DescribeJob', clients.iot.describeJob({ jobId }))
    const counts = countsOf(seen.jobProcessDetails)
    tell(statusOf(seen), counts)
    if (stopped || isOver(statusOf(seen), counts, job.targetSelection, targets)) return seen

    if (clock.now() >= cancelAt) {
      cancelAt = Infinity
      // A job that aborted itself meanwhile is left to end by itself.
      if (statusOf(seen) !== 'CANCELED') await cancelJob(options, jobId, cancel!.force, 'PLANNED_CANCEL', 'As the scenario says')
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
