import { algorithmOf, checksumOf, checksumXml, DEFAULT_ALGORITHM, givenChecksum, mismatch } from './checksums.ts'
import type { Checksums } from './checksums.ts'
import { checkPutConditions } from './conditions.ts'
import { etagOf } from './multipart-uploads.ts'
import type { ListedPart, Part, Upload } from './multipart-uploads.ts'
import type { S3Operation, S3Request } from './operation.ts'
import { versionHeaders } from './put-object.ts'
import { invalidRequest, malformedXml } from './s3-errors.ts'
import { childrenOf, parseXml, textOf, xmlAnswer } from './xml.ts'
import type { XmlInput } from './xml.ts'

export const completeMultipartUpload: S3Operation = {
  name: 'CompleteMultipartUpload',
  run(cloud, request) {
    const { objects, options } = cloud
    const upload = objects.uploads.find(request.bucket, request.key, request.query.get('uploadId')!)
    const listed = childrenOf(parseXml(request.body, 'CompleteMultipartUpload'), 'Part').map(listedPart)
    if (listed.length === 0) throw malformedXml()
    const parts = objects.uploads.listed(upload, listed)
    checkPutConditions(objects.bucket(request.bucket).latest(request.key), request)
    const bytes = concatenated(parts)
    const size = request.headers['x-amz-mp-object-size']
    if (size !== undefined && Number(size) !== bytes.length) {
      throw invalidRequest("The provided 'x-amz-mp-object-size' header does not match what was computed.")
    }
    const info = { ...upload.info, checksums: objectChecksums(upload, parts, bytes, request) }
    const partSizes = parts.map((part) => part.bytes.length)
    const object = objects.put(request.bucket, request.key, bytes, info, { etag: etagOf(parts), partSizes, tags: upload.tags, owned: true })
    objects.uploads.close(upload)
    const answer = xmlAnswer('CompleteMultipartUploadResult', {
      Location: `${options.url}/${request.bucket}/${request.key}`,
      Bucket: request.bucket,
      Key: request.key,
      ETag: object.etag,
      ...checksumXml(info.checksums),
      ChecksumType: upload.checksum?.type ?? 'FULL_OBJECT',
    })
    return { ...answer, headers: { ...answer.headers, ...versionHeaders(cloud, request, object) } }
  },
}

function listedPart(part: XmlInput): ListedPart {
  const checksums = Object.keys(part).flatMap((name) => {
    const algorithm = name.startsWith('Checksum') ? algorithmOf(name.slice('Checksum'.length)) : undefined
    return algorithm ? [[algorithm, textOf(part, name)]] : []
  })
  return { number: Number(textOf(part, 'PartNumber')), etag: textOf(part, 'ETag') ?? '', checksums: Object.fromEntries(checksums) as Checksums }
}

/** Written part by part into memory of its own. */
function concatenated(parts: readonly Part[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.bytes.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part.bytes, at)
    at += part.bytes.length
  }
  return bytes
}

/** Of the parts' checksums (`…-2`), or of the whole object. A checksum that came with the request is verified. */
function objectChecksums({ checksum }: Upload, parts: readonly Part[], bytes: Uint8Array, request: S3Request): Checksums {
  const { algorithm, type } = checksum ?? { algorithm: DEFAULT_ALGORITHM, type: 'FULL_OBJECT' }
  const ofParts = () => Buffer.concat(parts.map((part) => Buffer.from(part.checksums[algorithm]!, 'base64')))
  const value = type === 'FULL_OBJECT' ? checksumOf(algorithm, bytes) : `${checksumOf(algorithm, ofParts())}-${parts.length}`
  const given = type === 'FULL_OBJECT' ? givenChecksum(request) : undefined
  if (given && given.value !== (given.algorithm === algorithm ? value : checksumOf(given.algorithm, bytes))) throw mismatch(given.algorithm)
  return { [algorithm]: value }
}
