import type { S3Operation } from './operation.ts'
import { versionHeaders } from './put-object.ts'
import { malformedXml } from './s3-errors.ts'
import { childrenOf, parseXml, textOf, xmlAnswer } from './xml.ts'

/** Differs from S3 in that the checksums of the parts, verified as they came, are not combined to one of the object. */
export const completeMultipartUpload: S3Operation = {
  name: 'CompleteMultipartUpload',
  run(cloud, request) {
    const { objects, options } = cloud
    const upload = objects.uploads.find(request.bucket, request.key, request.query.get('uploadId')!)
    const parts = childrenOf(parseXml(request.body, 'CompleteMultipartUpload'), 'Part').map((part) => ({
      number: Number(textOf(part, 'PartNumber')),
      etag: textOf(part, 'ETag') ?? '',
    }))
    if (parts.length === 0) throw malformedXml()
    const { bytes, etag } = objects.uploads.complete(upload, parts)
    const object = objects.put(request.bucket, request.key, bytes, upload.info, etag)
    const answer = xmlAnswer('CompleteMultipartUploadResult', {
      Location: `${options.url}/${request.bucket}/${request.key}`,
      Bucket: request.bucket,
      Key: request.key,
      ETag: object.etag,
    })
    return { ...answer, headers: { ...answer.headers, ...versionHeaders(cloud, request, object) } }
  },
}
