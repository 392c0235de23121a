import type { Payload } from '../../ports/mqtt.ts'
import { isRecord, parseJson } from '../ota/messages.ts'
import type { FreertosOtaConfig } from './config.ts'

/** What the agent reads of a job execution. */
export interface OtaJob {
  readonly jobId: string
  /** Seconds since the epoch. */
  readonly queuedAt: number | undefined
  /** Undefined when the document is none that the agent can read. */
  readonly file: OtaFile | undefined
  /** The job says that a new image is to test itself. */
  readonly isInSelfTest: boolean
  /** The version that wrote `self_test`; 0 when nobody did. */
  readonly updatedBy: number
}

export interface OtaFile {
  readonly protocols: readonly string[]
  readonly streamName: string | undefined
  readonly url: string | undefined
  readonly sizeBytes: number
  readonly fileId: number
  readonly certificatePath: string
  /** Base64. */
  readonly signature: string
}

/** Undefined when there is no execution with a job id. */
export function parseJob(payload: Payload, signature: FreertosOtaConfig['signature']): OtaJob | undefined {
  const content = parseJson(payload)
  const execution = isRecord(content) ? content['execution'] : undefined
  if (!isRecord(execution)) return undefined
  const { jobId, queuedAt, statusDetails, jobDocument } = execution
  if (typeof jobId !== 'string') return undefined
  const details = isRecord(statusDetails) ? statusDetails : {}
  return {
    jobId,
    queuedAt: typeof queuedAt === 'number' ? queuedAt : undefined,
    file: isRecord(jobDocument) ? fileOf(jobDocument['afr_ota'], `sig-${signature}`) : undefined,
    isInSelfTest: details['self_test'] !== undefined,
    updatedBy: Number(details['updatedBy'] ?? 0) >>> 0,
  }
}

/** Of several files the agent takes the first. */
function fileOf(afrOta: unknown, signatureKey: string): OtaFile | undefined {
  if (!isRecord(afrOta)) return undefined
  const { protocols, streamname: streamName, files } = afrOta
  const file: unknown = Array.isArray(files) ? files[0] : undefined
  if (!isRecord(file) || !Array.isArray(protocols)) return undefined
  const { filepath, filesize, fileid, certfile, update_data_url: url, [signatureKey]: signature } = file
  if (typeof filepath !== 'string' || typeof certfile !== 'string' || typeof signature !== 'string') return undefined
  if (typeof filesize !== 'number' || typeof fileid !== 'number') return undefined
  return {
    protocols: protocols.map(String),
    streamName: typeof streamName === 'string' ? streamName : undefined,
    url: typeof url === 'string' ? url : undefined,
    sizeBytes: filesize,
    fileId: fileid,
    certificatePath: certfile,
    signature,
  }
}
