import { AwsError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import { jobArn } from '../jobs/control-shapes.ts'
import { streamArn } from '../streams/stream-shapes.ts'
import { jobIdOf, type OtaUpdate } from './ota-update.ts'
import { otaUpdateArn } from './ota-shapes.ts'

/** Deletes what was made for an update: its job, and its stream if that was asked for. Throws AwsError when somebody else uses the stream. */
export function removeOtaJob(cloud: Cloud, update: OtaUpdate): void {
  const { otaUpdateId, region, made, deletion } = update
  const scope = { region, account: cloud.account }
  const streamId = deletion?.deleteStream === true ? made?.streamId : undefined
  const other = streamId === undefined ? undefined : cloud.otaUpdates.usersOf(streamId).find((user) => user.otaUpdateId !== otaUpdateId)
  if (other) throw new AwsError('DeleteConflictException', 409, `Stream ${streamId} is used by the OTA update ${other.otaUpdateId}`)
  const job = made && cloud.jobs.job(jobIdOf(otaUpdateId))
  if (job) {
    cloud.jobs.delete(job)
    cloud.registry.dropTags(jobArn(scope, job.id))
  }
  if (streamId !== undefined) {
    cloud.streams.delete(streamId)
    cloud.registry.dropTags(streamArn(scope, streamId))
  }
  cloud.registry.dropTags(otaUpdateArn(scope, otaUpdateId))
}
