import { checksumHeaders } from './checksums.ts'
import type { S3Operation } from './operation.ts'
import { receivedBytes } from './received-object.ts'

export const uploadPart: S3Operation = {
  name: 'UploadPart',
  run(cloud, request) {
    const upload = cloud.objects.uploads.find(request.bucket, request.key, request.query.get('uploadId')!)
    const { bytes, checksums } = receivedBytes(request)
    const etag = cloud.objects.uploads.addPart(upload, Number(request.query.get('partNumber')), bytes)
    return { status: 200, headers: { etag, ...checksumHeaders(checksums) }, body: '' }
  },
}
