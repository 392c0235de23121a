import { algorithmOf } from './checksums.ts'
import type { ChecksumType, UploadRequest } from './multipart-uploads.ts'
import { member } from './operation.ts'
import type { S3Operation, S3Request } from './operation.ts'
import { checkKey } from './put-object.ts'
import { objectHeaders } from './received-object.ts'
import { invalidRequest } from './s3-errors.ts'
import { tagsOfHeader } from './tags.ts'
import { xmlAnswer } from './xml.ts'

export const createMultipartUpload: S3Operation = {
  name: 'CreateMultipartUpload',
  run(cloud, request) {
    const { bucket, key } = request
    cloud.objects.bucket(bucket)
    checkKey(key)
    const checksum = checksumAskedFor(request)
    const tags = tagsOfHeader(member(request, 'x-amz-tagging'))
    const upload = cloud.objects.uploads.create({ bucket, key, info: objectHeaders(request, {}), tags, checksum })
    const answer = xmlAnswer('InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId: upload.id })
    if (!checksum) return answer
    const { algorithm, type } = checksum
    return { ...answer, headers: { ...answer.headers, 'x-amz-checksum-algorithm': algorithm.toUpperCase(), 'x-amz-checksum-type': type } }
  },
}

/** CRC-64 is always of the whole object, a SHA never. */
function checksumAskedFor(request: S3Request): UploadRequest['checksum'] {
  const name = member(request, 'x-amz-checksum-algorithm')
  const asked = member(request, 'x-amz-checksum-type')
  if (name === undefined) {
    if (asked !== undefined) throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.')
    return undefined
  }
  const algorithm = algorithmOf(name)
  if (!algorithm)
    throw invalidRequest(
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    )
  const type: ChecksumType = algorithm === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE'
  if (asked === undefined || asked === type) return { algorithm, type }
  if (asked === 'FULL_OBJECT' && algorithm.startsWith('crc')) return { algorithm, type: 'FULL_OBJECT' }
  throw invalidRequest(`The ${asked} checksum type cannot be used with the ${algorithm} checksum algorithm.`)
}
