import type { CodeSigning, CreateOTAUpdateRequest, FileLocation } from '@aws-sdk/client-iot'
import { UserError } from '../errors.ts'
import { call } from './call.ts'
import type { CodeSigners } from './code-signers.ts'
import { type CodeSigningConfig, codeSigningOf, type OtaUpdateConfig, type RolloutConfig } from './config.ts'
import { followJob } from './follow-job.ts'
import type { PublishedImage } from './image.ts'
import { jobIdOf, runTags } from './job-input.ts'
import type { ControllerOptions, RolloutEnd } from './options.ts'
import type { Preparation } from './preparation.ts'
import { otaJobId } from './remove-job.ts'
import { sizeOf, targetGroups } from './targets.ts'

/** `AFR_OTA-` goes before the id and makes that of the job, which has at most 64 characters. */
const ID_LENGTH = 56
/** An update is made in the background: so often, and so long, it is looked at. AWS takes seconds, longer where it signs the file. */
const LOOK_MS = 1_000
const LOOKS = 300
/** File of a stream. */
const FILE_ID = 0

export type OtaUpdateRollout = Extract<RolloutConfig, { otaUpdate: OtaUpdateConfig }>

/** One OTA update from CreateOTAUpdate to the last execution of its job. UserError 97 when it can't be made. */
export async function rollOutOtaUpdate(
  options: ControllerOptions,
  preparation: Preparation,
  signers: CodeSigners,
  index: number,
  { otaUpdate, cancel }: OtaUpdateRollout,
): Promise<RolloutEnd> {
  const { clients, fleet, runId, scenario, account } = options
  const { groupArns, resources, image, bucket } = preparation
  const groups = targetGroups(fleet, otaUpdate.targets)
  const published = image(otaUpdate.image, groups[0]!.kind)
  const otaUpdateId = jobIdOf(scenario.name, runId, index, account?.prefix, undefined, ID_LENGTH)
  const fileLocation = await locationOf(options, preparation, otaUpdate, published, otaUpdateId)
  const { targets: _targets, image: _image, file, tags = [], ...asWritten } = otaUpdate
  const request: CreateOTAUpdateRequest = {
    ...asWritten,
    otaUpdateId,
    targets: groups.map((group) => groupArns.get(group.name)!),
    files: [{ fileVersion: published.version, ...file, fileLocation, codeSigning: signed(codeSigningOf(otaUpdate), signers, published, bucket) }],
    roleArn: options.roleArn!,
    tags: [...runTags(runId), ...tags.map(({ Key, Value }) => ({ Key, Value: Value ?? '' }))],
  }
  account?.note('ota-update', otaUpdateId)
  await call('CreateOTAUpdate', clients.iot.createOTAUpdate(request))
  resources.otaUpdates.add(otaUpdateId)
  await untilMade(options, otaUpdateId)
  const { targetSelection } = otaUpdate
  return followJob(options, { jobId: otaJobId(otaUpdateId), rollout: index, targets: sizeOf(groups), targetSelection, cancel })
}

/** The object in the version that was uploaded, so that nothing can come between; or a stream of it. */
async function locationOf(
  { clients, runId, account, roleArn }: ControllerOptions,
  { bucket, objectVersion, resources }: Preparation,
  { file }: OtaUpdateConfig,
  { key }: PublishedImage,
  streamId: string,
): Promise<FileLocation> {
  const version = objectVersion(key)
  const s3Location = { bucket, key, ...(version !== undefined && { version }) }
  if (file.fileLocation === 's3Location') return { s3Location }
  account?.note('stream', streamId)
  const files = [{ fileId: FILE_ID, s3Location }]
  await call('CreateStream', clients.iot.createStream({ streamId, files, roleArn: roleArn!, tags: runTags(runId) }))
  resources.streams.add(streamId)
  return { stream: { streamId, fileId: FILE_ID } }
}

function signed(signing: CodeSigningConfig, signers: CodeSigners, { bytes }: PublishedImage, bucket: string): CodeSigning {
  if ('awsSignerJobId' in signing) return { awsSignerJobId: signing.awsSignerJobId }
  if ('customCodeSigning' in signing) {
    const { hashAlgorithm, signatureAlgorithm, certificateName } = signing.customCodeSigning
    const inlineDocument = signers.sign(signatureAlgorithm, bytes)
    return { customCodeSigning: { signature: { inlineDocument }, certificateChain: { certificateName }, hashAlgorithm, signatureAlgorithm } }
  }
  const { signingProfileName, signingProfileParameter, destination } = signing.startSigningJobParameter
  const s3Destination = { bucket, ...destination?.s3Destination }
  return { startSigningJobParameter: { signingProfileName, signingProfileParameter, destination: { s3Destination } } }
}

async function untilMade({ clients, clock }: ControllerOptions, otaUpdateId: string): Promise<void> {
  for (let looks = 0; looks < LOOKS; looks++) {
    const { otaUpdateInfo } = await call('GetOTAUpdate', clients.iot.getOTAUpdate({ otaUpdateId }))
    const { otaUpdateStatus, errorInfo } = otaUpdateInfo ?? {}
    if (otaUpdateStatus === 'CREATE_COMPLETE') return
    if (otaUpdateStatus === 'CREATE_FAILED')
      throw new UserError(
        `OTA update ${otaUpdateId} could not be made: ${errorInfo?.code ?? 'CREATE_FAILED'}: ${errorInfo?.message ?? 'no reason given'}`,
        97,
      )
    await clock.sleep(LOOK_MS)
  }
  throw new UserError(`OTA update ${otaUpdateId} is not made ${(LOOKS * LOOK_MS) / 1000} s after CreateOTAUpdate`, 97)
}
