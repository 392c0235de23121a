import { UserError } from '../errors.ts'
import { call, callExpecting } from './call.ts'
import { cancelJob } from './job-rollout.ts'
import type { ControllerOptions } from './options.ts'
import type { Resources } from './resources.ts'

/** Simulated time between two looks at a job that is being deleted. */
const DELETION_POLL_MS = 1_000
/** Looks at one job before clean-up gives up on it: AWS deletes a job with its executions in the background. */
const DELETION_LOOKS = 600

/**
 * Removes everything in `resources` and returns how many of them are gone. A step that fails does not keep the others from being tried;
 * all failures come as one UserError 101, and what is left stays in `resources`.
 */
export async function cleanUpCloud(options: ControllerOptions, resources: Resources): Promise<number> {
  const { clients, clock, emit, now0 } = options
  const { bucket: Bucket } = resources
  const failures: unknown[] = []
  let removed = 0
  const attempt = async (step: () => Promise<unknown>, forget?: () => unknown) => {
    try {
      await step()
      if (!forget) return
      forget()
      removed += 1
    } catch (failure) {
      failures.push(failure)
    }
  }

  for (const jobId of resources.jobs) {
    await attempt(() => cancelJob(options, jobId, true, 'CLEAN_UP', 'The run is over'))
    await attempt(
      () => removeJob(options, jobId),
      () => resources.jobs.delete(jobId),
    )
  }
  for (const thingGroupName of resources.groups) {
    await attempt(
      () => call('DeleteThingGroup', clients.iot.deleteThingGroup({ thingGroupName })),
      () => resources.groups.delete(thingGroupName),
    )
  }
  for (const Key of resources.objects) {
    await attempt(
      () => call('DeleteObject', clients.s3.deleteObject({ Bucket, Key })),
      () => resources.objects.delete(Key),
    )
  }
  if (Bucket !== undefined) {
    await attempt(
      () => callExpecting('DeleteBucket', ['NoSuchBucket'], clients.s3.deleteBucket({ Bucket })),
      () => (resources.bucket = undefined),
    )
  }

  emit({ at: clock.now() - now0, type: 'cloud-removed', resources: removed })
  if (failures.length > 0) throw cleanUpError(failures)
  return removed
}

async function removeJob(options: ControllerOptions, jobId: string): Promise<void> {
  const { clients, clock } = options
  const gone = ['ResourceNotFoundException']
  await callExpecting('DeleteJob', gone, clients.iot.deleteJob({ jobId, force: true }))
  for (let look = 0; look < DELETION_LOOKS; look++) {
    if (!(await callExpecting('DescribeJob', gone, clients.iot.describeJob({ jobId })))) return
    await clock.sleep(DELETION_POLL_MS)
  }
  throw new UserError(`job ${jobId} is still there ${(DELETION_LOOKS * DELETION_POLL_MS) / 1000} s after its deletion began`, 101)
}

function cleanUpError(failures: readonly unknown[]): UserError {
  const messages = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure)))
  return new UserError(`clean-up left something behind:\n${messages.map((message) => `  ${message}`).join('\n')}`, 101, {
    cause: new AggregateError(failures),
  })
}
