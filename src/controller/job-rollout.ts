import { call } from './call.ts'
import type { JobConfig, RolloutConfig } from './config.ts'
import { followJob } from './follow-job.ts'
import { createJobInput, jobIdOf, type JobInputOptions } from './job-input.ts'
import type { ControllerOptions, RolloutEnd } from './options.ts'
import type { Preparation } from './preparation.ts'
import { sizeOf, targetGroups } from './targets.ts'

/** S3 accepts no longer signature. */
const LONGEST_URL_SEC = 7 * 24 * 3600

export type JobRollout = Extract<RolloutConfig, { job: JobConfig }>

/** One AWS IoT job from CreateJob to its last execution. */
export async function rollOutJob(options: ControllerOptions, preparation: Preparation, index: number, rollout: JobRollout): Promise<RolloutEnd> {
  const { job, cancel } = rollout
  const targets = sizeOf(targetGroups(options.fleet, job.targets))
  const jobId = await createJob(options, preparation, index, job)
  return followJob(options, { jobId, rollout: index, targets, targetSelection: job.targetSelection, cancel })
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
