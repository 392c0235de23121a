import type { Cloud } from '../cloud.ts'
import { checksumHeaders } from './checksums.ts'
import { checkPutConditions } from './conditions.ts'
import type { S3Operation, S3Request } from './operation.ts'
import { objectHeaders, receivedBytes } from './received-object.ts'
import { invalidArgument } from './s3-errors.ts'
import type { StoredObject } from './stored-object.ts'

const MAX_KEY_BYTES = 1024

export const putObject: S3Operation = {
  name: 'PutObject',
  run(cloud, request) {
    checkPutConditions(cloud.objects.bucket(request.bucket).latest(request.key), request.headers)
    checkKey(request.key)
    const { bytes, checksums } = receivedBytes(request)
    const object = cloud.objects.put(request.bucket, request.key, bytes, objectHeaders(request, checksums))
    return { status: 200, headers: { etag: object.etag, ...versionHeaders(cloud, request, object), ...checksumHeaders(checksums) }, body: '' }
  },
}

/** `x-amz-version-id`, where the bucket keeps versions. */
export function versionHeaders(cloud: Cloud, { bucket }: S3Request, object: StoredObject): Record<string, string> {
  return cloud.objects.bucket(bucket).versioning === undefined ? {} : { 'x-amz-version-id': object.versionId }
}

export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw invalidArgument(`Your key is longer than ${MAX_KEY_BYTES} bytes`, 'key', key.slice(0, 64))
}
