import { AwsError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import { givenChecksum } from './checksums.ts'
import type { S3Operation, S3Request } from './operation.ts'
import { receivedBytes } from './received-object.ts'
import { invalidRequest, malformedXml } from './s3-errors.ts'
import { childrenOf, parseXml, textOf, xmlAnswer } from './xml.ts'
import type { XmlInput, XmlMembers } from './xml.ts'

const MAX_KEYS = 1000

/** Each on its own: one that fails is told of, and the others are deleted. */
export const deleteObjects: S3Operation = {
  name: 'DeleteObjects',
  run(cloud, request) {
    cloud.objects.bucket(request.bucket)
    checkVouched(request)
    const input = parseXml(receivedBytes(request).bytes, 'Delete')
    const objects = childrenOf(input, 'Object')
    if (objects.length === 0 || objects.length > MAX_KEYS) throw malformedXml()
    const results = objects.map(identifier).map((object) => deleteOne(cloud, request.bucket, object))
    const quiet = textOf(input, 'Quiet') === 'true'
    return xmlAnswer('DeleteResult', {
      Deleted: quiet ? [] : results.flatMap(({ deleted }) => deleted ?? []),
      Error: results.flatMap(({ error }) => error ?? []),
    })
  },
}

interface Identifier {
  readonly key: string
  readonly versionId: string | undefined
}

function deleteOne(cloud: Cloud, bucket: string, { key, versionId }: Identifier): { deleted?: XmlMembers; error?: XmlMembers } {
  try {
    const gone = cloud.objects.delete(bucket, key, versionId)
    const marker = gone?.deleteMarker ? { DeleteMarker: true, DeleteMarkerVersionId: gone.versionId } : {}
    return { deleted: { Key: key, VersionId: versionId, ...marker } }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return { error: { Key: key, VersionId: versionId, Code: error.code, Message: error.message } }
  }
}

/** A list of deletions must say that it arrived whole. */
function checkVouched(request: S3Request): void {
  const vouched = request.headers['content-md5'] ?? request.headers['x-amz-trailer'] ?? givenChecksum(request)
  if (vouched === undefined) throw invalidRequest('Missing required header for this request: Content-MD5')
}

function identifier(object: XmlInput): Identifier {
  const key = textOf(object, 'Key')
  if (!key) throw malformedXml()
  return { key, versionId: textOf(object, 'VersionId') }
}
