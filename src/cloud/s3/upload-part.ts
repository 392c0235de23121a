import { checksumHeaders, checksumOf } from './checksums.ts'
import type { Checksums } from './checksums.ts'
import { partNumber } from './multipart-uploads.ts'
import type { Upload } from './multipart-uploads.ts'
import type { S3Operation } from './operation.ts'
import { ownBytes, receivedBytes } from './received-object.ts'

export const uploadPart: S3Operation = {
  name: 'UploadPart',
  run(cloud, request) {
    const upload = cloud.objects.uploads.find(request.bucket, request.key, request.query.get('uploadId') ?? '')
    const number = partNumber(request.query.get('partNumber'))
    const received = receivedBytes(request)
    const part = cloud.objects.uploads.addPart(upload, number, ownBytes(received), partChecksums(upload, received.bytes, received.checksums))
    return { status: 200, headers: { etag: part.etag, ...checksumHeaders(part.checksums) }, body: '' }
  },
}

/** What the client sent, or else the checksum that the upload was announced with. */
export function partChecksums({ checksum }: Upload, bytes: Uint8Array, given: Checksums): Checksums {
  if (!checksum || given[checksum.algorithm] !== undefined) return given
  return { [checksum.algorithm]: checksumOf(checksum.algorithm, bytes) }
}
