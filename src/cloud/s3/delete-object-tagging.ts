import { readableObject } from './object-headers.ts'
import type { S3Operation } from './operation.ts'
import { versionHeaders } from './put-object.ts'

export const deleteObjectTagging: S3Operation = {
  name: 'DeleteObjectTagging',
  run(cloud, request) {
    const object = readableObject(cloud, request)
    cloud.objects.tag(request.bucket, object, [])
    return { status: 204, headers: versionHeaders(cloud, request, object), body: '' }
  },
}
