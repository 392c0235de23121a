import type { CreateMultipartUploadCommandInput } from '@aws-sdk/client-s3'
import type { Target } from './target.ts'

/** The smallest part that isn't the last. */
export const PART_BYTES = 5 * 1024 * 1024

/** An upload that has begun in a bucket of its own; `put` adds a part, and gives what CompleteMultipartUpload lists. */
export async function upload(target: Target, options: Partial<CreateMultipartUploadCommandInput> = {}) {
  const { s3 } = target
  const [Bucket, Key] = [await target.bucket(), 'in parts']
  const { UploadId } = await s3.createMultipartUpload({ Bucket, Key, ...options })
  const put = async (PartNumber: number, Body: Buffer | string) => {
    const ChecksumAlgorithm = options.ChecksumAlgorithm
    const { $metadata: _metadata, ...part } = await s3.uploadPart({
      Bucket,
      Key,
      UploadId,
      PartNumber,
      Body,
      ...(ChecksumAlgorithm && { ChecksumAlgorithm }),
    })
    return { PartNumber, ...part }
  }
  return { s3, Bucket, Key, UploadId: UploadId!, put }
}
