import { checksumXml } from './checksums.ts'
import { count } from './listing.ts'
import type { S3Operation } from './operation.ts'
import { xmlAnswer } from './xml.ts'

export const listParts: S3Operation = {
  name: 'ListParts',
  run(cloud, { bucket, key, query }) {
    const upload = cloud.objects.uploads.find(bucket, key, query.get('uploadId')!)
    const [limit, after] = [count(query, 'max-parts'), count(query, 'part-number-marker', 0, Number.MAX_SAFE_INTEGER)]
    const numbers = [...upload.parts.keys()].filter((number) => number > after).sort((a, b) => a - b)
    const page = numbers.slice(0, limit)
    return xmlAnswer('ListPartsResult', {
      Bucket: bucket,
      Key: key,
      UploadId: upload.id,
      Initiator: { ID: cloud.account },
      Owner: { ID: cloud.account },
      StorageClass: upload.info.headers['x-amz-storage-class'] ?? 'STANDARD',
      PartNumberMarker: after,
      NextPartNumberMarker: page.at(-1) ?? 0,
      MaxParts: limit,
      IsTruncated: page.length < numbers.length,
      ChecksumAlgorithm: upload.checksum?.algorithm.toUpperCase(),
      ChecksumType: upload.checksum?.type,
      Part: page.map((number) => {
        const { bytes, etag, checksums, lastModifiedMs } = upload.parts.get(number)!
        const LastModified = new Date(lastModifiedMs).toISOString()
        return { PartNumber: number, LastModified, ETag: etag, Size: bytes.length, ...checksumXml(checksums) }
      }),
    })
  },
}
