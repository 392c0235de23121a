import type { S3Operation } from './operation.ts'
import { encoderOf } from './listing.ts'
import type { StoredObject } from './stored-object.ts'
import { xmlAnswer } from './xml.ts'

/** All versions at once: differs from S3, which sends at most a thousand at a time. */
export const listObjectVersions: S3Operation = {
  name: 'ListObjectVersions',
  run(cloud, request) {
    const bucket = cloud.objects.bucket(request.bucket)
    const prefix = request.query.get('prefix') ?? ''
    const encode = encoderOf(request.query)
    const versions = bucket
      .keys()
      .filter((key) => key.startsWith(prefix))
      .flatMap((key) => bucket.versionsOf(key))
    const members = (object: StoredObject) => ({
      Key: encode(object.key),
      VersionId: object.versionId,
      IsLatest: bucket.latest(object.key) === object,
      LastModified: new Date(object.lastModifiedMs).toISOString(),
    })
    return xmlAnswer('ListVersionsResult', {
      Name: request.bucket,
      Prefix: encode(prefix),
      EncodingType: request.query.get('encoding-type') ?? undefined,
      MaxKeys: versions.length,
      IsTruncated: false,
      Version: versions
        .filter((object) => !object.deleteMarker)
        .map((object) => ({ ...members(object), ETag: object.etag, Size: object.bytes.length, StorageClass: 'STANDARD' })),
      DeleteMarker: versions.filter((object) => object.deleteMarker).map(members),
    })
  },
}
