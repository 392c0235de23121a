import { expect } from 'vitest'
import { conformance } from './target.ts'
import { upload } from './uploads.ts'

conformance('AbortMultipartUpload', ({ behaviour }) => {
  behaviour('an upload that was given up is gone, with its parts', { source: '[M]' }, async (target) => {
    const { s3, Bucket, Key, UploadId, put } = await upload(target)
    await put(1, 'x')
    await s3.abortMultipartUpload({ Bucket, Key, UploadId })
    await expect(s3.abortMultipartUpload({ Bucket, Key, UploadId })).rejects.toMatchObject({ name: 'NoSuchUpload' })
    expect((await s3.listMultipartUploads({ Bucket })).Uploads).toBeUndefined()
  })
})
