import { checksumXml } from './checksums.ts'
import { copySource } from './copy-source.ts'
import { partNumber } from './multipart-uploads.ts'
import type { S3Operation } from './operation.ts'
import { invalidArgument } from './s3-errors.ts'
import { partChecksums } from './upload-part.ts'
import { xmlAnswer } from './xml.ts'

export const uploadPartCopy: S3Operation = {
  name: 'UploadPartCopy',
  run(cloud, request) {
    const upload = cloud.objects.uploads.find(request.bucket, request.key, request.query.get('uploadId') ?? '')
    const number = partNumber(request.query.get('partNumber'))
    const { object, headers } = copySource(cloud, request)
    const bytes = rangeOf(object.bytes, request.headers['x-amz-copy-source-range'])
    const part = cloud.objects.uploads.addPart(upload, number, bytes, partChecksums(upload, bytes, {}))
    const answer = xmlAnswer('CopyPartResult', {
      LastModified: new Date(part.lastModifiedMs).toISOString(),
      ETag: part.etag,
      ...checksumXml(part.checksums),
    })
    return { ...answer, headers: { ...answer.headers, ...headers } }
  },
}

/** `bytes=first-last` and nothing else, both inside the source. The bytes of an object never change, so a part may be a view of them. */
function rangeOf(bytes: Uint8Array, header: string | undefined): Uint8Array {
  if (header === undefined) return bytes
  const match = /^bytes=(\d+)-(\d+)$/.exec(header)
  const [first, last] = [Number(match?.[1]), Number(match?.[2])]
  if (!match || last < first) {
    const message =
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy'
    throw invalidArgument(message, 'x-amz-copy-source-range', header)
  }
  if (last < bytes.length) return bytes.subarray(first, last + 1)
  throw invalidArgument(`Range specified is not valid for source object of size: ${bytes.length}`, 'x-amz-copy-source-range', header)
}
