import { NO_CONTENT } from './operation.ts'
import type { S3Operation } from './operation.ts'

export const abortMultipartUpload: S3Operation = {
  name: 'AbortMultipartUpload',
  run(cloud, request) {
    const { uploads } = cloud.objects
    uploads.close(uploads.find(request.bucket, request.key, request.query.get('uploadId')!))
    return NO_CONTENT
  },
}
