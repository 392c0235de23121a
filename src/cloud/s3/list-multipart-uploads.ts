import { byUtf8 } from './bucket.ts'
import { commonPrefix, count, encoderOf } from './listing.ts'
import type { Upload } from './multipart-uploads.ts'
import type { S3Operation } from './operation.ts'
import { xmlAnswer } from './xml.ts'

export const listMultipartUploads: S3Operation = {
  name: 'ListMultipartUploads',
  run(cloud, { bucket, query }) {
    cloud.objects.bucket(bucket)
    const [prefix, delimiter, limit] = [query.get('prefix') ?? '', query.get('delimiter') ?? '', count(query, 'max-uploads')]
    const encode = encoderOf(query)
    const uploads: Upload[] = []
    const prefixes = new Set<string>()
    let truncated = false
    for (const upload of remaining(cloud.objects.uploads.in(bucket), query)) {
      if (!upload.key.startsWith(prefix)) continue
      const common = commonPrefix(upload.key, prefix, delimiter)
      if (common !== undefined && prefixes.has(common)) continue
      truncated = uploads.length + prefixes.size >= limit
      if (truncated) break
      if (common === undefined) uploads.push(upload)
      else prefixes.add(common)
    }
    const last = uploads.at(-1)
    return xmlAnswer('ListMultipartUploadsResult', {
      Bucket: bucket,
      KeyMarker: encode(query.get('key-marker') ?? ''),
      UploadIdMarker: query.get('upload-id-marker') ?? '',
      NextKeyMarker: truncated && last ? encode(last.key) : undefined,
      NextUploadIdMarker: truncated && last ? last.id : undefined,
      Prefix: encode(prefix),
      Delimiter: delimiter === '' ? undefined : encode(delimiter),
      EncodingType: query.get('encoding-type') ?? undefined,
      MaxUploads: limit,
      IsTruncated: truncated,
      Upload: uploads.map(({ key, id, initiatedMs, info, checksum }) => ({
        Key: encode(key),
        UploadId: id,
        Initiator: { ID: cloud.account },
        Owner: { ID: cloud.account },
        StorageClass: info.headers['x-amz-storage-class'] ?? 'STANDARD',
        Initiated: new Date(initiatedMs).toISOString(),
        ChecksumAlgorithm: checksum?.algorithm.toUpperCase(),
        ChecksumType: checksum?.type,
      })),
      CommonPrefixes: [...prefixes].map((one) => ({ Prefix: encode(one) })),
    })
  },
}

/** By key, then in the order in which they began; those after the markers. */
function remaining(uploads: readonly Upload[], query: URLSearchParams): Upload[] {
  const sorted = uploads.toSorted((a, b) => byUtf8(a.key, b.key))
  const [keyMarker, idMarker] = [query.get('key-marker'), query.get('upload-id-marker')]
  if (keyMarker === null || keyMarker === '') return sorted
  const at = idMarker ? sorted.findIndex(({ key, id }) => key === keyMarker && id === idMarker) : -1
  return at >= 0 ? sorted.slice(at + 1) : sorted.filter(({ key }) => byUtf8(key, keyMarker) > 0)
}
