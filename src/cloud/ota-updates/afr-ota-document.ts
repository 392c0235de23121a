import type { S3Location } from '../streams/stream.ts'
import { DEFAULT_PATH, DOCUMENT_PROTOCOLS } from './choices.ts'

/** What the job document of an OTA update is made from (§5.2). */
export interface AfrOtaDocument {
  readonly protocols: readonly ('MQTT' | 'HTTP')[]
  /** Undefined when files go over HTTP only. */
  readonly streamId: string | undefined
  readonly files: readonly AfrOtaFile[]
}

export interface AfrOtaFile {
  /** Path on the device. */
  readonly fileName: string | undefined
  readonly fileType: number | undefined
  readonly fileId: number
  readonly sizeBytes: number
  readonly location: S3Location
  /** Of the bucket. */
  readonly region: string
  readonly signature: FileSignature | undefined
}

export interface FileSignature {
  /** As in `SHA256` and `ECDSA`; the case does not matter. */
  readonly hash: string
  readonly algorithm: string
  /** Base64. */
  readonly signature: string
  /** Where the device finds the certificate. */
  readonly certificatePath: string | undefined
}

/** JSON text: names, spelling and order of the keys are those that agents parse. URLs are placeholders, presigned for each device that reads. */
export function afrOtaText({ protocols, streamId, files }: AfrOtaDocument): string {
  const overHttp = protocols.includes('HTTP')
  return JSON.stringify({
    afr_ota: {
      protocols: DOCUMENT_PROTOCOLS.filter((protocol) => protocols.includes(protocol)),
      ...(protocols.includes('MQTT') && { streamname: streamId }),
      files: files.map((file) => fileEntry(file, overHttp)),
    },
  })
}

function fileEntry(file: AfrOtaFile, overHttp: boolean): object {
  const { fileName, fileType, fileId, sizeBytes, signature } = file
  return {
    filepath: fileName ?? DEFAULT_PATH,
    filesize: sizeBytes,
    fileid: fileId,
    certfile: signature?.certificatePath ?? DEFAULT_PATH,
    ...(fileType !== undefined && { fileType }),
    ...(overHttp && { update_data_url: urlPlaceholder(file), auth_scheme: 'aws.s3.presigned' }),
    ...(signature && { [`sig-${signature.hash}-${signature.algorithm}`.toLowerCase()]: signature.signature }),
  }
}

/** The second form is needed for a version, and for a key that would end the placeholder. */
function urlPlaceholder({ location: { bucket, key, version }, region }: AfrOtaFile): string {
  const prefix = `https://s3.${region}.amazonaws.com/${bucket}/`
  if (version === undefined && !key.includes('}')) return `\${aws:iot:s3-presigned-url:${prefix}${key}}`
  const encoded = key.split('/').map(encodeURIComponent).join('/')
  const suffix = version === undefined ? '' : `%3FversionId%3D${encodeURIComponent(version)}`
  return `\${aws:iot:s3-presigned-url-v2:${prefix}${encoded}${suffix}}`
}
