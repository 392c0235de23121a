import { expect } from 'vitest'
import { conformance } from './target.ts'
import { upload } from './uploads.ts'

conformance('UploadPart', ({ behaviour }) => {
  behaviour('a part that comes again replaces the former one', { source: '[M]' }, async (target) => {
    const { s3, Bucket, Key, UploadId, put } = await upload(target)
    await put(1, 'first')
    const Parts = [await put(1, 'second')]
    await s3.completeMultipartUpload({ Bucket, Key, UploadId, MultipartUpload: { Parts } })
    expect(await (await s3.getObject({ Bucket, Key })).Body!.transformToString()).toBe('second')
  })

  behaviour('parts have numbers from 1 to 10,000, of an upload that is there', { source: '[M]' }, async (target) => {
    const { s3, Bucket, Key, put } = await upload(target)
    for (const number of [0, 10_001]) await expect(put(number, 'x')).rejects.toMatchObject({ name: 'InvalidArgument' })
    await expect(s3.uploadPart({ Bucket, Key, UploadId: 'none', PartNumber: 1, Body: 'x' })).rejects.toMatchObject({ name: 'NoSuchUpload' })
  })
})
