import { readableObject } from './object-headers.ts'
import type { S3Operation } from './operation.ts'
import { versionHeaders } from './put-object.ts'
import { receivedBytes } from './received-object.ts'
import { tagsOfXml } from './tags.ts'

export const putObjectTagging: S3Operation = {
  name: 'PutObjectTagging',
  run(cloud, request) {
    const object = readableObject(cloud, request)
    cloud.objects.tag(request.bucket, object, tagsOfXml(receivedBytes(request).bytes))
    return { status: 200, headers: versionHeaders(cloud, request, object), body: '' }
  },
}
