import { algorithmOf, checksumOf, checksumTypeOf, checksumXml } from './checksums.ts'
import type { Checksums } from './checksums.ts'
import { checkPutConditions } from './conditions.ts'
import { copySource } from './copy-source.ts'
import type { CopySource } from './copy-source.ts'
import type { S3Operation, S3Request } from './operation.ts'
import { checkKey, versionHeaders } from './put-object.ts'
import { objectHeaders } from './received-object.ts'
import { invalidArgument, invalidRequest } from './s3-errors.ts'
import type { StoredObject } from './stored-object.ts'
import { tagsOfHeader } from './tags.ts'
import { xmlAnswer } from './xml.ts'

export const copyObject: S3Operation = {
  name: 'CopyObject',
  run(cloud, request) {
    const destination = cloud.objects.bucket(request.bucket)
    checkKey(request.key)
    const source = copySource(cloud, request)
    const replacesMetadata = directive(request, 'x-amz-metadata-directive') === 'REPLACE'
    if (!replacesMetadata) checkNotItself(source, request)
    checkPutConditions(destination.latest(request.key), request)
    const { object } = source
    const checksums = checksumsOfCopy(object, request)
    const info = replacesMetadata ? objectHeaders(request, checksums) : { ...object.info, checksums }
    const tags = directive(request, 'x-amz-tagging-directive') === 'REPLACE' ? tagsOfHeader(request.headers['x-amz-tagging']) : object.tags
    // The bytes of an object never change: both have the same.
    const copy = cloud.objects.put(request.bucket, request.key, object.bytes, info, { tags, owned: true })
    const answer = xmlAnswer('CopyObjectResult', {
      LastModified: new Date(copy.lastModifiedMs).toISOString(),
      ETag: copy.etag,
      ...checksumXml(checksums),
      ChecksumType: checksumTypeOf(checksums),
    })
    return { ...answer, headers: { ...answer.headers, ...source.headers, ...versionHeaders(cloud, request, copy) } }
  },
}

function directive(request: S3Request, name: string): 'COPY' | 'REPLACE' {
  const value = request.headers[name] ?? 'COPY'
  if (value === 'COPY' || value === 'REPLACE') return value
  throw invalidArgument(`Unknown ${name.includes('tagging') ? 'tagging' : 'metadata'} directive.`, name, value)
}

function checkNotItself({ bucket, object }: CopySource, request: S3Request): void {
  const named = /versionId=/.test(request.headers['x-amz-copy-source'] ?? '')
  if (named || bucket !== request.bucket || object.key !== request.key || request.headers['x-amz-storage-class'] !== undefined) return
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  )
}

/** A copy comes in one piece, so a checksum of parts becomes one of the whole; another algorithm may be asked for. */
function checksumsOfCopy(object: StoredObject, request: S3Request): Checksums {
  const { checksums } = object.info
  const has = algorithmOf(Object.keys(checksums)[0])
  const wants = algorithmOf(request.headers['x-amz-checksum-algorithm']) ?? has
  if (wants === undefined || (wants === has && checksumTypeOf(checksums) === 'FULL_OBJECT')) return checksums
  return { [wants]: checksumOf(wants, object.bytes) }
}
