import { abortMultipartUpload } from './abort-multipart-upload.ts'
import { completeMultipartUpload } from './complete-multipart-upload.ts'
import { copyObject } from './copy-object.ts'
import { createBucket } from './create-bucket.ts'
import { createMultipartUpload } from './create-multipart-upload.ts'
import { deleteBucket } from './delete-bucket.ts'
import { deleteObjectTagging } from './delete-object-tagging.ts'
import { deleteObject } from './delete-object.ts'
import { deleteObjects } from './delete-objects.ts'
import { getBucketLocation } from './get-bucket-location.ts'
import { getBucketVersioning } from './get-bucket-versioning.ts'
import { getObjectAttributes } from './get-object-attributes.ts'
import { getObjectTagging } from './get-object-tagging.ts'
import { getObject } from './get-object.ts'
import { headBucket } from './head-bucket.ts'
import { headObject } from './head-object.ts'
import { listBuckets } from './list-buckets.ts'
import { listMultipartUploads } from './list-multipart-uploads.ts'
import { listObjectVersions } from './list-object-versions.ts'
import { listObjectsV2 } from './list-objects-v2.ts'
import { listObjects } from './list-objects.ts'
import { listParts } from './list-parts.ts'
import type { S3Operation } from './operation.ts'
import { putBucketVersioning } from './put-bucket-versioning.ts'
import { putObjectTagging } from './put-object-tagging.ts'
import { putObject } from './put-object.ts'
import { methodNotAllowed, notImplemented } from './s3-errors.ts'
import { uploadPartCopy } from './upload-part-copy.ts'
import { uploadPart } from './upload-part.ts'

/** Members of a query that make a request another operation. Those that no operation below has are answered with NotImplemented. */
const SUBRESOURCES =
  'accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle location logging metrics notification ' +
  'object-lock ownershipControls partNumber policy policyStatus publicAccessBlock replication requestPayment restore retention select tagging torrent ' +
  'uploadId uploads versioning versions website'

export const subresources: ReadonlySet<string> = new Set(SUBRESOURCES.split(' '))

/** By what a request addresses, its method and its subresource. */
export const s3Operations: Readonly<Record<string, S3Operation>> = {
  'account GET': listBuckets,
  'bucket PUT': createBucket,
  'bucket HEAD': headBucket,
  'bucket DELETE': deleteBucket,
  'bucket GET': listObjects,
  'bucket GET list-type': listObjectsV2,
  'bucket GET location': getBucketLocation,
  'bucket GET versioning': getBucketVersioning,
  'bucket PUT versioning': putBucketVersioning,
  'bucket GET versions': listObjectVersions,
  'bucket POST delete': deleteObjects,
  'object GET': getObject,
  'object GET partNumber': getObject,
  'object HEAD': headObject,
  'object HEAD partNumber': headObject,
  'object GET attributes': getObjectAttributes,
  'object PUT': putObject,
  'object PUT copy': copyObject,
  'object DELETE': deleteObject,
  'object POST uploads': createMultipartUpload,
  'object PUT partNumber': uploadPart,
  'object POST uploadId': completeMultipartUpload,
  'object PUT copy of a part': uploadPartCopy,
  'object GET uploadId': listParts,
  'object DELETE uploadId': abortMultipartUpload,
  'bucket GET uploads': listMultipartUploads,
  'object GET tagging': getObjectTagging,
  'object PUT tagging': putObjectTagging,
  'object DELETE tagging': deleteObjectTagging,
}

export interface Addressed {
  readonly method: string
  readonly bucket: string
  readonly key: string
  readonly query: URLSearchParams
  /** Whether the header `x-amz-copy-source` is there. */
  readonly isCopy: boolean
}

/** The operation that a request means. Throws NotImplemented or MethodNotAllowed. */
export function operationOf(addressed: Addressed): S3Operation {
  const target = addressed.bucket === '' ? 'account' : addressed.key === '' ? 'bucket' : 'object'
  const subresource = subresourceOf(target, addressed)
  const operation = s3Operations[`${target} ${addressed.method}${subresource === '' ? '' : ` ${subresource}`}`]
  if (operation) return operation
  throw subresource === '' ? methodNotAllowed(addressed.method) : notImplemented(`${addressed.method} ?${subresource} on ${target}s`)
}

function subresourceOf(target: string, { query, isCopy }: Addressed): string {
  if (target === 'bucket' && query.get('list-type') === '2') return 'list-type'
  // A part of an upload is named by two members; the number alone asks for a part of a stored object.
  const name = [...query.keys()].find((candidate) => subresources.has(candidate)) ?? ''
  if (name === '') return isCopy ? 'copy' : ''
  if (name === 'uploadId' && query.has('partNumber')) return isCopy ? 'copy of a part' : 'partNumber'
  return name === 'partNumber' && isCopy ? 'copy of a part' : name
}
