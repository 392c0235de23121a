import { expect } from 'vitest'
import { conformance } from './target.ts'
import { upload } from './uploads.ts'

conformance('ListParts', ({ behaviour }) => {
  behaviour('parts by number, page by page', { source: '[M]' }, async (target) => {
    const { s3, Bucket, Key, UploadId, put } = await upload(target)
    for (const number of [10, 2, 1]) await put(number, 'x'.repeat(number))
    const first = await s3.listParts({ Bucket, Key, UploadId, MaxParts: 2 })
    expect(first.Parts!.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 1],
      [2, 2],
    ])
    expect([first.IsTruncated, first.NextPartNumberMarker]).toEqual([true, '2'])
    const second = await s3.listParts({ Bucket, Key, UploadId, PartNumberMarker: first.NextPartNumberMarker })
    expect([second.IsTruncated, second.Parts!.map(({ PartNumber }) => PartNumber)]).toEqual([false, [10]])
  })
})
