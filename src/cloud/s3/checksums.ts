import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { AwsError } from '../../errors.ts'
import { member } from './operation.ts'
import type { S3Request } from './operation.ts'

/** The checksums that the cloud verifies and returns, by the ending of their header `x-amz-checksum-…`; values are base64. */
const ALGORITHMS: Readonly<Record<string, (bytes: Uint8Array) => Buffer>> = {
  crc32: (bytes) => bigEndian(crc32(bytes)),
  crc32c: (bytes) => bigEndian(crc32c(bytes)),
  sha1: (bytes) => createHash('sha1').update(bytes).digest(),
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
}

/**
 * Verifies every checksum that came with the bytes: Content-MD5, headers (in the query of a presigned URL) and trailers. Returns the `x-amz-checksum-…`
 * ones by algorithm; CRC64NVME is taken on trust and not kept.
 */
export function verifyChecksums(request: S3Request, bytes: Uint8Array, trailers: Readonly<Record<string, string>>): Record<string, string> {
  verifyMd5(request.headers['content-md5'], bytes)
  const checksums: Record<string, string> = {}
  for (const [algorithm, compute] of Object.entries(ALGORITHMS)) {
    const name = `x-amz-checksum-${algorithm}`
    const given = trailers[name] ?? member(request, name)
    if (given === undefined) continue
    if (given !== compute(bytes).toString('base64')) {
      throw new AwsError('BadDigest', 400, `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`)
    }
    checksums[algorithm] = given
  }
  return checksums
}

export function checksumHeaders(checksums: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(checksums).map(([algorithm, value]) => [`x-amz-checksum-${algorithm}`, value]))
}

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

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** CRC-32 with Castagnoli's polynomial, reflected. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = CASTAGNOLI[(crc ^ byte) & 0xff]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

const CASTAGNOLI = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  return value >>> 0
})
