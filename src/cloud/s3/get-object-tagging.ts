import { readableObject } from './object-headers.ts'
import type { S3Operation } from './operation.ts'
import { versionHeaders } from './put-object.ts'
import { tagsXml } from './tags.ts'
import { xmlAnswer } from './xml.ts'

export const getObjectTagging: S3Operation = {
  name: 'GetObjectTagging',
  run(cloud, request) {
    const object = readableObject(cloud, request)
    const answer = xmlAnswer('Tagging', tagsXml(object.tags))
    return { ...answer, headers: { ...answer.headers, ...versionHeaders(cloud, request, object) } }
  },
}
