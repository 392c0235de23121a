import { AwsError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import { checksumHeaders, checksumTypeOf } from './checksums.ts'
import { member } from './operation.ts'
import type { S3Request } from './operation.ts'
import { methodNotAllowed, noSuchKey } from './s3-errors.ts'
import type { StoredObject } from './stored-object.ts'

/** The version that a GET or HEAD names. Throws NoSuchKey for a deleted key, MethodNotAllowed for the marker itself. */
export function readableObject(cloud: Cloud, request: S3Request): StoredObject {
  const versionId = request.query.versionId
  if (versionId === '')
    throw new AwsError('InvalidArgument', 400, 'Version id cannot be the empty string', { ArgumentName: 'versionId', ArgumentValue: '' })
  const object = cloud.objects.bucket(request.bucket).find(request.key, versionId)
  if (!object.deleteMarker) return object
  const error = versionId === undefined ? noSuchKey(request.key) : methodNotAllowed(request.method)
  throw new DeleteMarkerError(error, object)
}

/** Carries the headers that tell of the marker. */
export class DeleteMarkerError extends AwsError {
  readonly headers: Readonly<Record<string, string>>
  constructor(error: AwsError, marker: StoredObject) {
    super(error.code, error.status, error.message, error.members)
    this.headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker.versionId }
  }
}

/** What every answer of S3 begins with; the door puts the id of the request in. */
export const FRAME: Readonly<Record<string, string>> = { server: 'AmazonS3', 'x-amz-request-id': '', 'x-amz-id-2': '' }

/** What every answer about the object says, but for its length. A checksum is of the whole object, so it isn't sent with a range. */
export function headersOf(object: StoredObject, versioned: boolean, withChecksums: boolean): Record<string, string> {
  return {
    ...FRAME,
    ...object.info.headers,
    'accept-ranges': 'bytes',
    'content-type': object.info.contentType,
    etag: object.etag,
    'last-modified': new Date(object.lastModifiedMs).toUTCString(),
    ...(versioned ? { 'x-amz-version-id': object.versionId } : {}),
    ...(object.tags.length > 0 ? { 'x-amz-tagging-count': String(object.tags.length) } : {}),
    ...(withChecksums ? objectChecksumHeaders(object) : {}),
  }
}

/** With the type: whether it is one of the bytes or of the parts' checksums. */
export function objectChecksumHeaders({ info: { checksums } }: StoredObject): Record<string, string> {
  const type = checksumTypeOf(checksums)
  return type === undefined ? {} : { ...checksumHeaders(checksums), 'x-amz-checksum-type': type }
}

export function wantsChecksums(request: S3Request): boolean {
  return member(request, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED'
}
