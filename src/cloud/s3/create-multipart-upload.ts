import type { S3Operation } from './operation.ts'
import { checkKey } from './put-object.ts'
import { objectHeaders } from './received-object.ts'
import { xmlAnswer } from './xml.ts'

export const createMultipartUpload: S3Operation = {
  name: 'CreateMultipartUpload',
  run(cloud, request) {
    cloud.objects.bucket(request.bucket)
    checkKey(request.key)
    const upload = cloud.objects.uploads.create(request.bucket, request.key, objectHeaders(request, {}))
    return xmlAnswer('InitiateMultipartUploadResult', { Bucket: request.bucket, Key: request.key, UploadId: upload.id })
  },
}
