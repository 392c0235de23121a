import { isRecord } from '../ota/messages.ts'

/** What the tracker needs of a job execution. */
export interface TrackerJob {
  readonly jobId: string
  readonly versionNumber: number
  /** Seconds since the epoch. */
  readonly queuedAt: number | undefined
  /** Undefined when the document has no location that the device can use: the job fails. */
  readonly url: string | undefined
  readonly fwversion: string
  /** fleetsim's own addition to the document: eight hex digits. */
  readonly crc32: string | undefined
}

/** `aws_fota` looks at the location only, never at operation, size, version or file name. No execution, or one without id and version: undefined. */
export function parseJob(execution: unknown): TrackerJob | undefined {
  if (!isRecord(execution)) return undefined
  const { jobId, versionNumber, queuedAt, jobDocument } = execution
  if (typeof jobId !== 'string' || typeof versionNumber !== 'number' || !isRecord(jobDocument)) return undefined
  return {
    jobId,
    versionNumber,
    queuedAt: typeof queuedAt === 'number' ? queuedAt : undefined,
    url: locationUrl(jobDocument['location']),
    fwversion: typeof jobDocument['fwversion'] === 'string' ? jobDocument['fwversion'] : '',
    crc32: typeof jobDocument['crc32'] === 'string' ? jobDocument['crc32'] : undefined,
  }
}

/** The job after the cloud took an update: every accepted one counts its version up. */
export function nextVersion({ jobId, versionNumber, queuedAt, url, fwversion, crc32 }: TrackerJob): TrackerJob {
  return { jobId, versionNumber: versionNumber + 1, queuedAt, url, fwversion, crc32 }
}

function locationUrl(location: unknown): string | undefined {
  if (!isRecord(location)) return undefined
  if (typeof location['url'] === 'string') return location['url']
  const { protocol, host, path } = location
  return typeof protocol === 'string' && typeof host === 'string' && typeof path === 'string' ? `${protocol}://${host}/${path}` : undefined
}
