import { UserError } from '../errors.ts'
import { call, callExpecting } from './call.ts'
import type { ControllerOptions } from './options.ts'
import { removeBucket } from './remove-bucket.ts'
import { cancelJob, otaJobId, removeJob, removeOtaUpdate } from './remove-job.ts'
import type { Resources } from './resources.ts'

/**
 * Removes everything in `resources` and returns how many of them are gone. A step that fails does not keep the others from being tried;
 * all failures come as one UserError 101, and what is left stays in `resources`.
 */
export async function cleanUpCloud(options: ControllerOptions, resources: Resources): Promise<number> {
  const { clients, clock, emit, now0 } = options
  const { bucket: Bucket } = resources
  const remover = { clients, sleep: (ms: number) => clock.sleep(ms) }
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

  for (const otaUpdateId of resources.otaUpdates) {
    await attempt(() => cancelJob(clients, otaJobId(otaUpdateId), true, 'CLEAN_UP', 'The run is over'))
    await attempt(
      () => removeOtaUpdate(remover, otaUpdateId),
      () => resources.otaUpdates.delete(otaUpdateId),
    )
  }
  for (const streamId of resources.streams) {
    await attempt(
      () => callExpecting('DeleteStream', ['ResourceNotFoundException'], clients.iot.deleteStream({ streamId })),
      () => resources.streams.delete(streamId),
    )
  }
  for (const jobId of resources.jobs) {
    await attempt(() => cancelJob(clients, jobId, true, 'CLEAN_UP', 'The run is over'))
    await attempt(
      () => removeJob(remover, jobId),
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
  for (const id of resources.oltFirmwares) {
    await attempt(
      () => resources.olt!.call('DeleteFirmware', 'DELETE', `/firmwares/${id}`),
      () => resources.oltFirmwares.delete(id),
    )
  }
  if (Bucket !== undefined) {
    await attempt(
      () =>
        resources.isVersioned ? removeBucket(remover, Bucket) : callExpecting('DeleteBucket', ['NoSuchBucket'], clients.s3.deleteBucket({ Bucket })),
      () => (resources.bucket = undefined),
    )
  }

  await attempt(async () => {
    const things = await options.removeThings()
    removed += things.removed
    failures.push(...things.failures)
  })

  emit({ at: clock.now() - now0, type: 'cloud-removed', resources: removed })
  if (failures.length > 0) throw cleanUpError(failures)
  return removed
}

/** UserError 101 with everything that is left behind. */
export function cleanUpError(failures: readonly unknown[]): UserError {
  const messages = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure)))
  return new UserError(`clean-up left something behind:\n${messages.map((message) => `  ${message}`).join('\n')}`, 101, {
    cause: new AggregateError(failures),
  })
}
