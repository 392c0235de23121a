import type { CreateJobCommandInput } from '@aws-sdk/client-iot'
import type { TrackerDocument, UpparatDocument } from '../protocol/job-documents.ts'
import type { DeviceKind } from '../ports/fleet.ts'
import type { JobConfig } from './config.ts'
import type { PublishedImage } from './image.ts'
import { UPPARAT_PREFIX } from './run-names.ts'

/** AWS: a job id has at most 64 characters. */
const JOB_ID_LENGTH = 64

export interface JobInputOptions {
  readonly jobId: string
  readonly job: JobConfig
  readonly targetArns: string[]
  readonly image: PublishedImage
  readonly bucket: string
  readonly region: string
  /** Who signs the URL of the image for each device, or a URL that is signed already. */
  readonly download: { readonly roleArn: string } | { readonly url: string }
  readonly runId: string
}

/** `<scenario>-<run>-<rollout>`; in an account that others use, too, `<prefix><scenario>-<rollout>`; with Upparat's own prefix for its devices. A long name of a scenario gives way. */
export function jobIdOf(scenario: string, runId: string, rollout: number, accountPrefix = '', kind?: DeviceKind, length = JOB_ID_LENGTH): string {
  const prefix = kind === 'upparat' ? `${UPPARAT_PREFIX}${accountPrefix}` : accountPrefix
  const suffix = accountPrefix === '' ? `-${runId}-${rollout}` : `-${rollout}`
  return `${prefix}${scenario.slice(0, length - prefix.length - suffix.length)}${suffix}`
}

/** CreateJob as the scenario says it, field for field; only targets and document are ours. */
export function createJobInput({ jobId, job, targetArns, image, bucket, region, download, runId }: JobInputOptions): CreateJobCommandInput {
  const { targets: _targets, image: _image, presignedUrlConfig, upparat, ...asWritten } = job
  const url = 'url' in download ? download.url : placeholder(image, bucket, region)
  return {
    ...asWritten,
    jobId,
    targets: targetArns,
    document: JSON.stringify(image.kind === 'upparat' ? upparatDocument(image, url, upparat) : trackerDocument(image, url)),
    ...('roleArn' in download && { presignedUrlConfig: { roleArn: download.roleArn, expiresInSec: presignedUrlConfig.expiresInSec } }),
    tags: runTags(runId),
  }
}

/** What says in the account which run made a resource. */
export function runTags(runId: string): { Key: string; Value: string }[] {
  return [{ Key: 'fleetsim:run', Value: runId }]
}

/** AWS IoT puts a presigned URL in its place each time a device gets the document (aws-iot.md §4.8). */
function placeholder({ key }: PublishedImage, bucket: string, region: string): string {
  return `\${aws:iot:s3-presigned-url:https://s3.${region}.amazonaws.com/${bucket}/${key}}`
}

function trackerDocument(image: PublishedImage, url: string): TrackerDocument {
  return {
    operation: 'app_fw_update',
    fwversion: image.version,
    size: image.bytes.length,
    filename: `${image.name}-v${image.version}.bin`,
    location: { url },
    crc32: hexCrc32(image.crc32),
  }
}

function upparatDocument({ version }: PublishedImage, file: string, options: JobConfig['upparat']): UpparatDocument {
  return { version, file, ...(options?.meta !== undefined && { meta: options.meta }), force: options?.force ?? false }
}

/** 8 hex digits. */
export function hexCrc32(crc32: number): string {
  return crc32.toString(16).padStart(8, '0')
}
