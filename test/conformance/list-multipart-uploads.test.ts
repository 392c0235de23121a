import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('ListMultipartUploads', ({ behaviour }) => {
  behaviour('uploads by key and then by age, folded at a delimiter, page by page', { source: '[M]' }, async (target) => {
    const { s3 } = target
    const Bucket = await target.bucket()
    const begin = async (Key: string) => (await s3.createMultipartUpload({ Bucket, Key })).UploadId
    const [b, older, newer] = [await begin('b'), await begin('a'), await begin('a')]
    for (const Key of ['dir/x', 'dir/y']) await begin(Key)
    const first = await s3.listMultipartUploads({ Bucket, Delimiter: '/', MaxUploads: 1 })
    expect(first.Uploads!.map(({ UploadId }) => UploadId)).toEqual([older])
    const rest = await s3.listMultipartUploads({ Bucket, Delimiter: '/', KeyMarker: first.NextKeyMarker, UploadIdMarker: first.NextUploadIdMarker })
    expect(rest.Uploads!.map(({ UploadId }) => UploadId)).toEqual([newer, b])
    expect(rest.CommonPrefixes).toEqual([{ Prefix: 'dir/' }])
  })
})
