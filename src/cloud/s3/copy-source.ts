import type { Cloud } from '../cloud.ts'
import { isVersionId } from './bucket.ts'
import { checkSourceConditions } from './conditions.ts'
import type { S3Request } from './operation.ts'
import { invalidArgument, invalidRequest, noSuchKey } from './s3-errors.ts'
import type { StoredObject } from './stored-object.ts'

export interface CopySource {
  readonly bucket: string
  readonly object: StoredObject
  /** `x-amz-copy-source-version-id`, where the source's bucket keeps versions. */
  readonly headers: Readonly<Record<string, string>>
}

/** The object that `x-amz-copy-source` names and its conditions allow: `/bucket/key?versionId=…`, percent-encoded, with or without the first slash. */
export function copySource(cloud: Cloud, request: S3Request): CopySource {
  const header = request.headers['x-amz-copy-source'] ?? ''
  const match = /^(?:\/|%2F)?([^/]+?)(?:\/|%2F)(.+?)(?:\?versionId=(.+))?$/is.exec(header)
  if (!match) throw invalidArgument('Copy Source must mention the source bucket and key: sourcebucket/sourcekey', 'x-amz-copy-source', header)
  const [bucket, key, versionId] = [match[1]!, decoded(match[2]!, header), match[3]]
  if (versionId !== undefined && !isVersionId(versionId)) throw invalidArgument('Invalid version id specified', 'x-amz-copy-source', header)
  const source = cloud.objects.bucket(bucket)
  const object = source.find(key, versionId)
  if (object.deleteMarker && versionId === undefined) throw noSuchKey(key)
  if (object.deleteMarker) throw invalidRequest('The source of a copy request may not specifically refer to a delete marker by version id.')
  checkSourceConditions(object, request.headers)
  return { bucket, object, headers: source.versioning === undefined ? {} : { 'x-amz-copy-source-version-id': object.versionId } }
}

function decoded(text: string, header: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalidArgument('Copy Source must be URL-encoded', 'x-amz-copy-source', header)
  }
}
