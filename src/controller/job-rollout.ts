import type { Job } from '@aws-sdk/client-iot'
import type { ExecutionCounts } from '../ports/events.ts'
import { call } from './call.ts'
import type { JobConfig, RolloutConfig } from './config.ts'
import { countsOf } from './counts.ts'
import { createJobInput, jobIdOf, type JobInputOptions } from './job-input.ts'
import { lastExecutions } from './last-executions.ts'
import type { ControllerOptions, RolloutEnd } from './options.ts'
import { pollMs, reached } from './pace.ts'
import type { Preparation } from './preparation.ts'
import { cancelJob } from './remove-job.ts'
import { sizeOf, targetGroups } from './targets.ts'

/** S3 accepts no longer signature. */
const LONGEST_URL_SEC = 7 * 24 * 3600

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

async function createJob(options: ControllerOptions, preparation: Preparation, index: number, job: JobConfig): Promise<string> {
  const { clients, fleet, runId, scenario, account } = options
  const { bucket, groupArns, image, resources } = preparation
  const groups = targetGroups(fleet, job.targets)
  const jobId = jobIdOf(scenario.name, runId, index, account?.prefix, groups[0]!.kind)
  const published = image(job.image, groups[0]!.kind)
  const input = createJobInput({
    jobId,
    job,
    targetArns: groups.map((group) => groupArns.get(group.name)!),
    image: published,
    bucket,
    region: clients.region,
    download: await downloadOf(options, bucket, published.key),
    runId,
  })
  account?.note('job', jobId)
  await call('CreateJob', clients.iot.createJob(input))
  resources.jobs.add(jobId)
  return jobId
}

/** Without a role the URL is the same for all devices, and good for the whole run. */
async function downloadOf({ roleArn, presign, scenario }: ControllerOptions, bucket: string, key: string): Promise<JobInputOptions['download']> {
  if (roleArn !== undefined) return { roleArn }
  return { url: await presign(bucket, key, Math.min(LONGEST_URL_SEC, Math.ceil(scenario.time.limit / 1000))) }
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
