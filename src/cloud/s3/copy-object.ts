import { checkConditions } from './conditions.ts'
import type { S3Operation, S3Request } from './operation.ts'
import { objectHeaders } from './received-object.ts'
import { checkKey, versionHeaders } from './put-object.ts'
import { invalidArgument, noSuchKey } from './s3-errors.ts'
import { xmlAnswer } from './xml.ts'

export const copyObject: S3Operation = {
  name: 'CopyObject',
  run(cloud, request) {
    checkKey(request.key)
    const { bucket, key, versionId } = copySource(request)
    const source = cloud.objects.bucket(bucket).find(key, versionId)
    if (source.deleteMarker) throw noSuchKey(key)
    checkConditions(source, sourceConditions(request))
    const { checksums } = source.info
    const info = request.headers['x-amz-metadata-directive'] === 'REPLACE' ? objectHeaders(request, checksums) : source.info
    const copy = cloud.objects.put(request.bucket, request.key, source.bytes, info)
    const answer = xmlAnswer('CopyObjectResult', { LastModified: new Date(copy.lastModifiedMs).toISOString(), ETag: copy.etag })
    return { ...answer, headers: { ...answer.headers, ...versionHeaders(cloud, request, copy) } }
  },
}

/** `/bucket/key?versionId=…`, percent-encoded, with or without the first slash. */
function copySource(request: S3Request): { bucket: string; key: string; versionId: string | undefined } {
  const header = request.headers['x-amz-copy-source'] ?? ''
  const match = /^\/?([^/]+)\/(.+?)(?:\?versionId=(.+))?$/s.exec(header)
  if (!match) throw invalidArgument('Copy Source must mention the source bucket and key: sourcebucket/sourcekey', 'x-amz-copy-source', header)
  return { bucket: match[1]!, key: decodeURIComponent(match[2]!), versionId: match[3] }
}

/** `x-amz-copy-source-if-match` → `if-match`. */
function sourceConditions(request: S3Request): Record<string, string> {
  const prefix = 'x-amz-copy-source-'
  const conditions = Object.entries(request.headers).filter(([name]) => name.startsWith(`${prefix}if-`))
  return Object.fromEntries(conditions.map(([name, value]) => [name.slice(prefix.length), value]))
}
