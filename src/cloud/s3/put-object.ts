import type { Cloud } from '../cloud.ts'
import { checkPutConditions } from './conditions.ts'
import { objectChecksumHeaders } from './object-headers.ts'
import { member } from './operation.ts'
import type { S3Operation, S3Request } from './operation.ts'
import { checksumsOf, objectHeaders, receivedBytes } from './received-object.ts'
import { AwsError } from '../../errors.ts'
import type { StoredObject } from './stored-object.ts'
import { tagsOfHeader } from './tags.ts'

const MAX_KEY_BYTES = 1024

export const putObject: S3Operation = {
  name: 'PutObject',
  run(cloud, request) {
    const bucket = cloud.objects.bucket(request.bucket)
    checkKey(request.key)
    checkPutConditions(bucket.latest(request.key), request)
    const received = receivedBytes(request)
    const info = objectHeaders(request, checksumsOf(received))
    const tags = tagsOfHeader(member(request, 'x-amz-tagging'))
    const object = cloud.objects.put(request.bucket, request.key, received.bytes, info, { tags, owned: received.owned })
    const headers = { etag: object.etag, ...versionHeaders(cloud, request, object), ...objectChecksumHeaders(object) }
    return { status: 200, headers, body: '' }
  },
}

/** `x-amz-version-id`, where the bucket keeps versions. */
export function versionHeaders(cloud: Cloud, { bucket }: S3Request, object: StoredObject): Record<string, string> {
  return cloud.objects.bucket(bucket).versioning === undefined ? {} : { 'x-amz-version-id': object.versionId }
}

export function checkKey(key: string): void {
  const sizeBytes = Buffer.byteLength(key)
  if (sizeBytes <= MAX_KEY_BYTES) return
  throw new AwsError('KeyTooLongError', 400, 'Your key is too long', { Size: String(sizeBytes), MaxSizeAllowed: String(MAX_KEY_BYTES) })
}
