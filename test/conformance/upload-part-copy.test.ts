import { expect } from 'vitest'
import { conformance } from './target.ts'
import { PART_BYTES, upload } from './uploads.ts'

conformance('UploadPartCopy', ({ behaviour }) => {
  behaviour('a part may be a range of an object', { source: '[M]' }, async (target) => {
    const { s3, Bucket, Key, UploadId } = await upload(target)
    await s3.putObject({ Bucket, Key: 'source', Body: Buffer.concat([Buffer.alloc(PART_BYTES, 'a'), Buffer.from('the end')]) })
    const copy = async (PartNumber: number, CopySourceRange: string) => {
      const { CopyPartResult } = await s3.uploadPartCopy({ Bucket, Key, UploadId, PartNumber, CopySource: `${Bucket}/source`, CopySourceRange })
      return { PartNumber, ETag: CopyPartResult!.ETag }
    }
    const Parts = [await copy(1, `bytes=0-${PART_BYTES - 1}`), await copy(2, `bytes=${PART_BYTES + 4}-${PART_BYTES + 6}`)]
    await s3.completeMultipartUpload({ Bucket, Key, UploadId, MultipartUpload: { Parts } })
    const { ContentLength, Body } = await s3.getObject({ Bucket, Key, Range: 'bytes=-4' })
    expect([ContentLength, await Body!.transformToString()]).toEqual([4, 'aend'])
    await expect(copy(3, `bytes=0-${PART_BYTES + 7}`)).rejects.toMatchObject({ name: 'NoSuchUpload' })
  })

  behaviour('the range must lie inside the source', { source: '[M]' }, async (target) => {
    const { s3, Bucket, Key, UploadId } = await upload(target)
    await s3.putObject({ Bucket, Key: 'source', Body: 'short' })
    const copy = (CopySourceRange: string) =>
      s3.uploadPartCopy({ Bucket, Key, UploadId, PartNumber: 1, CopySource: `${Bucket}/source`, CopySourceRange })
    for (const range of ['bytes=0-5', 'bytes=2-', '0-1']) await expect(copy(range)).rejects.toMatchObject({ name: 'InvalidArgument' })
  })
})
