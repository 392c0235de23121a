import { expect } from 'vitest'
import { conformance } from './target.ts'
import { upload } from './uploads.ts'

conformance('CreateMultipartUpload', ({ behaviour }) => {
  behaviour('metadata and tags of the object are given at the start', { source: '[M]' }, async (target) => {
    const { s3, Bucket, Key, UploadId, put } = await upload(target, { ContentType: 'x/y', Metadata: { build: '7' }, Tagging: 'stage=beta' })
    await s3.completeMultipartUpload({ Bucket, Key, UploadId, MultipartUpload: { Parts: [await put(1, 'x')] } })
    expect(await s3.headObject({ Bucket, Key })).toMatchObject({ ContentType: 'x/y', Metadata: { build: '7' }, TagCount: 1 })
  })

  behaviour('there is no object before the upload is complete', { source: '[M]' }, async (target) => {
    const { s3, Bucket, Key, put } = await upload(target)
    await put(1, 'x')
    await expect(s3.headObject({ Bucket, Key })).rejects.toMatchObject({ name: 'NotFound' })
  })
})
