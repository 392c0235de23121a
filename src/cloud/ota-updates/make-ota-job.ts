import { AwsError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import { uuidOf } from '../signing/uuid.ts'
import { streamFiles } from '../streams/stream-files.ts'
import { afrOtaText } from './afr-ota-document.ts'
import { readyFile } from './ota-files.ts'
import { otaJobSpec } from './ota-job.ts'
import { jobIdOf, type Made, type OtaUpdate } from './ota-update.ts'

/** What CreateOTAUpdate bundles: signs files, makes a stream and the job. Throws AwsError before anything but signatures was made. */
export function makeOtaJob(cloud: Cloud, update: OtaUpdate): Made {
  const jobId = jobIdOf(update.otaUpdateId)
  if (cloud.jobs.job(jobId)) throw new AwsError('ResourceAlreadyExistsException', 409, `Job ${jobId} already exists`)
  const files = update.files.map((file, index) => readyFile(cloud, file, index))
  const ownStreamId = update.files[0]!.fileLocation.stream?.streamId
  const needsStream = update.protocols.includes('MQTT') && ownStreamId === undefined
  const streamed = needsStream
    ? streamFiles(
        files.map(({ fileId, location }) => ({ fileId, s3Location: location })),
        cloud.objects,
      )
    : []
  const streamId = needsStream ? streamIdOf(update) : undefined
  const spec = otaJobSpec(update, afrOtaText({ protocols: update.protocols, streamId: ownStreamId ?? streamId, files }), cloud)
  if (streamId !== undefined) cloud.streams.create({ streamId, description: undefined, files: streamed, roleArn: update.roleArn })
  cloud.jobs.create(spec)
  return { streamId, signerJobIds: files.map(({ signerJobId }) => signerJobId) }
}

/** Another one when an update of the same name is made again. */
function streamIdOf({ otaUpdateId, serial, createdAtMs }: OtaUpdate): string {
  return `AFR_OTA-${uuidOf(`${otaUpdateId} ${serial} ${createdAtMs}`)}`
}
