import { AwsError } from '../../errors.ts'
import { decodeAwsChunked } from './aws-chunked.ts'
import { checksumOf, DEFAULT_ALGORITHM, verifyChecksums } from './checksums.ts'
import type { Checksums } from './checksums.ts'
import { member } from './operation.ts'
import type { S3Request } from './operation.ts'
import type { ObjectHeaders } from './stored-object.ts'

const DEFAULT_CONTENT_TYPE = 'binary/octet-stream'
const MAX_OBJECT_BYTES = 5 * 1024 ** 3
const MAX_USER_METADATA_BYTES = 2048
const KEPT = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  'x-amz-storage-class',
  'x-amz-website-redirect-location',
]

export interface Received {
  readonly bytes: Uint8Array
  /** At most one: what the client sent, and what is true. */
  readonly checksums: Checksums
  /** Nobody else has these bytes. */
  readonly owned: boolean
}

/** The bytes of an upload, decoded and verified, with the checksum that vouches for them. */
export function receivedBytes(request: S3Request): Received {
  const chunked = isChunked(request)
  const { bytes, trailers } = chunked ? decodeAwsChunked(request.body, decodedLength(request)) : { bytes: request.body, trailers: {} }
  if (bytes.length > MAX_OBJECT_BYTES) throw new AwsError('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed object size.')
  return { bytes, checksums: verifyChecksums(request, bytes, trailers), owned: chunked }
}

/** A copy, unless they are nobody else's. */
export function ownBytes({ bytes, owned }: Received): Uint8Array {
  return owned ? bytes : new Uint8Array(bytes)
}

/** The checksum that came with an object, or the one that S3 adds. */
export function checksumsOf({ bytes, checksums }: Received): Checksums {
  return Object.keys(checksums).length > 0 ? checksums : { [DEFAULT_ALGORITHM]: checksumOf(DEFAULT_ALGORITHM, bytes) }
}

/** The headers that an object keeps. */
export function objectHeaders(request: S3Request, checksums: Checksums): ObjectHeaders {
  const headers: Record<string, string> = {}
  for (const name of KEPT) {
    const value = name === 'content-encoding' ? contentEncoding(request) : request.headers[name]
    if (value !== undefined && value !== '') headers[name] = value
  }
  return { contentType: request.headers['content-type'] ?? DEFAULT_CONTENT_TYPE, headers: { ...headers, ...userMetadata(request) }, checksums }
}

function isChunked(request: S3Request): boolean {
  return (request.headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-') || encodings(request).includes('aws-chunked')
}

function decodedLength(request: S3Request): number | undefined {
  const text = request.headers['x-amz-decoded-content-length']
  return text === undefined ? undefined : Number(text)
}

/** `aws-chunked` describes the transfer and is not kept. */
function contentEncoding(request: S3Request): string {
  return encodings(request)
    .filter((encoding) => encoding !== 'aws-chunked')
    .join(',')
}

function encodings(request: S3Request): string[] {
  return (request.headers['content-encoding'] ?? '').split(',').map((encoding) => encoding.trim())
}

function userMetadata(request: S3Request): Record<string, string> {
  const names = new Set([...Object.keys(request.headers), ...request.query.keys()].filter((name) => name.startsWith('x-amz-meta-')))
  const entries = [...names].map((name) => [name, member(request, name)!] as const)
  if (entries.reduce((sum, [name, value]) => sum + name.length - 'x-amz-meta-'.length + Buffer.byteLength(value), 0) > MAX_USER_METADATA_BYTES) {
    throw new AwsError('MetadataTooLarge', 400, 'Your metadata headers exceed the maximum allowed metadata size')
  }
  return Object.fromEntries(entries)
}
