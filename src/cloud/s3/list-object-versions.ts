import { byUtf8 } from './bucket.ts'
import type { Bucket } from './bucket.ts'
import { checksumNames, commonPrefix, encoderOf, maxKeys } from './listing.ts'
import type { S3Operation } from './operation.ts'
import { invalidArgument } from './s3-errors.ts'
import type { StoredObject } from './stored-object.ts'
import { xmlAnswer } from './xml.ts'

export const listObjectVersions: S3Operation = {
  name: 'ListObjectVersions',
  run(cloud, { bucket: name, query }) {
    const bucket = cloud.objects.bucket(name)
    const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? '']
    const [keyMarker, idMarker] = [query.get('key-marker') ?? '', query.get('version-id-marker') ?? '']
    if (idMarker !== '' && keyMarker === '') {
      throw invalidArgument('A version-id marker cannot be specified without a key marker.', 'version-id-marker', idMarker)
    }
    const encode = encoderOf(query)
    const { versions, prefixes, next } = pageOf(bucket, { prefix, delimiter, limit: maxKeys(query), keyMarker, idMarker })
    const members = (object: StoredObject) => ({
      Key: encode(object.key),
      VersionId: object.versionId,
      IsLatest: bucket.latest(object.key) === object,
      LastModified: new Date(object.lastModifiedMs).toISOString(),
      Owner: { ID: cloud.account },
    })
    return xmlAnswer('ListVersionsResult', {
      Name: name,
      Prefix: encode(prefix),
      KeyMarker: encode(keyMarker),
      VersionIdMarker: idMarker,
      NextKeyMarker: next && encode(next.key),
      NextVersionIdMarker: next?.versionId,
      MaxKeys: maxKeys(query),
      Delimiter: delimiter === '' ? undefined : encode(delimiter),
      EncodingType: query.get('encoding-type') ?? undefined,
      IsTruncated: next !== undefined,
      Version: versions
        .filter((object) => !object.deleteMarker)
        .map((object) => {
          const StorageClass = object.info.headers['x-amz-storage-class'] ?? 'STANDARD'
          return { ...members(object), ETag: object.etag, ...checksumNames(object), Size: object.bytes.length, StorageClass }
        }),
      DeleteMarker: versions.filter((object) => object.deleteMarker).map(members),
      CommonPrefixes: prefixes.map((one) => ({ Prefix: encode(one) })),
    })
  },
}

interface PageRequest {
  readonly prefix: string
  readonly delimiter: string
  readonly limit: number
  readonly keyMarker: string
  /** Empty: the page begins after all versions of the key. */
  readonly idMarker: string
}

interface VersionPage {
  readonly versions: readonly StoredObject[]
  readonly prefixes: readonly string[]
  /** The last of this page, when there are more. */
  readonly next: { readonly key: string; readonly versionId?: string } | undefined
}

/** Keys in their order, the versions of each from the newest to the oldest. */
function pageOf(bucket: Bucket, { prefix, delimiter, limit, keyMarker, idMarker }: PageRequest): VersionPage {
  const versions: StoredObject[] = []
  const prefixes = new Set<string>()
  let last: VersionPage['next']
  const isFull = () => versions.length + prefixes.size >= limit
  for (const key of bucket.keys()) {
    if (!key.startsWith(prefix)) continue
    const common = commonPrefix(key, prefix, delimiter)
    const order = byUtf8(common ?? key, keyMarker)
    if (common !== undefined) {
      if (order <= 0 || prefixes.has(common)) continue
      if (isFull()) return { versions, prefixes: [...prefixes], next: last }
      prefixes.add(common)
      last = { key: common }
      continue
    }
    for (const object of versionsAfter(bucket.versionsOf(key), order, idMarker)) {
      if (isFull()) return { versions, prefixes: [...prefixes], next: last }
      versions.push(object)
      last = { key, versionId: object.versionId }
    }
  }
  return { versions, prefixes: [...prefixes], next: undefined }
}

function versionsAfter(versions: readonly StoredObject[], order: number, idMarker: string): readonly StoredObject[] {
  if (order > 0) return versions
  if (order < 0 || idMarker === '') return []
  return versions.slice(versions.findIndex(({ versionId }) => versionId === idMarker) + 1)
}
