import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { AwsError } from '../../errors.ts'
import { crc32c, crc64nvme } from './crc.ts'
import { member } from './operation.ts'
import type { S3Request } from './operation.ts'
import { invalidRequest } from './s3-errors.ts'
import type { XmlMembers } from './xml.ts'

/** What S3 computes for an object that came without a checksum. */
export const DEFAULT_ALGORITHM = 'crc64nvme'

/** By the ending of their header `x-amz-checksum-…`; values are base64. */
const ALGORITHMS = {
  crc32: (bytes: Uint8Array) => bigEndian(crc32(bytes)),
  crc32c,
  crc64nvme,
  sha1: (bytes: Uint8Array) => createHash('sha1').update(bytes).digest(),
  sha256: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest(),
} satisfies Record<string, (bytes: Uint8Array) => Buffer>

export type ChecksumAlgorithm = keyof typeof ALGORITHMS
const NAMES = Object.keys(ALGORITHMS) as ChecksumAlgorithm[]

/** Of an object: base64, by algorithm; one at most. */
export type Checksums = Readonly<Partial<Record<ChecksumAlgorithm, string>>>

export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): string {
  return ALGORITHMS[algorithm](bytes).toString('base64')
}

/** `CRC32C` → `crc32c`; undefined for anything that is none. */
export function algorithmOf(name: string | undefined): ChecksumAlgorithm | undefined {
  return NAMES.find((algorithm) => algorithm === name?.toLowerCase())
}

/** Verifies what came with the bytes: Content-MD5, and a checksum in a header, in the query of a presigned URL or in a trailer, which it returns. */
export function verifyChecksums(request: S3Request, bytes: Uint8Array, trailers: Readonly<Record<string, string>>): Checksums {
  verifyMd5(request.headers['content-md5'], bytes)
  const announced = request.headers['x-amz-trailer']?.trim().toLowerCase()
  if (announced !== undefined && trailers[announced] === undefined) throw malformedTrailer()
  const given = givenChecksum(request, trailers)
  if (!given) return {}
  const { algorithm, value } = given
  if (value !== checksumOf(algorithm, bytes)) throw mismatch(algorithm)
  return { [algorithm]: value }
}

/** The checksum of the whole object that a request names, unverified. */
export function givenChecksum(
  request: S3Request,
  trailers: Readonly<Record<string, string>> = {},
): { algorithm: ChecksumAlgorithm; value: string } | undefined {
  const given = NAMES.flatMap((algorithm) => {
    const name = `x-amz-checksum-${algorithm}`
    const value = trailers[name] ?? member(request, name)
    return value === undefined ? [] : [{ algorithm, value }]
  })
  if (given.length > 1) throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.')
  const [first] = given
  if (first && Buffer.from(first.value, 'base64').length !== ALGORITHMS[first.algorithm](NO_BYTES).length) {
    throw invalidRequest(`Value for x-amz-checksum-${first.algorithm} header is invalid.`)
  }
  return first
}

export function mismatch(algorithm: ChecksumAlgorithm): AwsError {
  return new AwsError('BadDigest', 400, `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`)
}

export function checksumHeaders(checksums: Checksums): Record<string, string> {
  return Object.fromEntries(Object.entries(checksums).map(([algorithm, value]) => [`x-amz-checksum-${algorithm}`, value]))
}

/** Undefined when there is no checksum. */
export function checksumTypeOf(checksums: Checksums): 'COMPOSITE' | 'FULL_OBJECT' | undefined {
  const [value] = Object.values(checksums)
  return value === undefined ? undefined : value.includes('-') ? 'COMPOSITE' : 'FULL_OBJECT'
}

/** `ChecksumCRC32`, as answers in XML call it. */
export function checksumXml(checksums: Checksums): XmlMembers {
  return Object.fromEntries(Object.entries(checksums).map(([algorithm, value]) => [`Checksum${algorithm.toUpperCase()}`, value]))
}

const NO_BYTES = new Uint8Array(0)

function verifyMd5(given: string | undefined, bytes: Uint8Array): void {
  if (given === undefined) return
  if (Buffer.from(given, 'base64').length !== 16) throw new AwsError('InvalidDigest', 400, 'The Content-MD5 you specified was invalid.')
  const actual = createHash('md5').update(bytes).digest('base64')
  if (given !== actual) {
    throw new AwsError('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.', {
      ExpectedDigest: given,
      CalculatedDigest: actual,
    })
  }
}

function malformedTrailer(): AwsError {
  const message = 'The request contained trailing data that was not well-formed or did not conform to our published schema.'
  return new AwsError('MalformedTrailerError', 400, message)
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
