import { childrenOf, parseXml, textOf, xmlAnswer } from './xml.ts'
import type { XmlInput } from './xml.ts'
import type { S3Operation } from './operation.ts'
import { receivedBytes } from './received-object.ts'
import { malformedXml } from './s3-errors.ts'

const MAX_KEYS = 1000

export const deleteObjects: S3Operation = {
  name: 'DeleteObjects',
  run(cloud, request) {
    cloud.objects.bucket(request.bucket)
    const input = parseXml(receivedBytes(request).bytes, 'Delete')
    const objects = childrenOf(input, 'Object')
    if (objects.length === 0 || objects.length > MAX_KEYS) throw malformedXml()
    const deleted = objects.map((object) => {
      const { key, versionId } = identifier(object)
      const gone = cloud.objects.delete(request.bucket, key, versionId)
      const marker = gone?.deleteMarker ? { DeleteMarker: true, DeleteMarkerVersionId: gone.versionId } : {}
      return { Key: key, VersionId: versionId, ...marker }
    })
    return xmlAnswer('DeleteResult', textOf(input, 'Quiet') === 'true' ? {} : { Deleted: deleted })
  },
}

function identifier(object: XmlInput): { key: string; versionId: string | undefined } {
  const key = textOf(object, 'Key')
  if (!key) throw malformedXml()
  return { key, versionId: textOf(object, 'VersionId') }
}
