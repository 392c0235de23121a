import { expect } from 'vitest'
import { conformance } from './target.ts'
import type { Target } from './target.ts'

conformance('ListObjectsV2', ({ behaviour }) => {
  behaviour('keys in the order of their bytes, folded at a delimiter', { source: '§9.3' }, async (target) => {
    const { s3, Bucket } = await withKeys(target, 'b/1', 'b/2', 'a', 'B', 'é & <x>', 'c/x/y')
    const all = await s3.listObjectsV2({ Bucket })
    expect(all.Contents!.map(({ Key }) => Key)).toEqual(['B', 'a', 'b/1', 'b/2', 'c/x/y', 'é & <x>'])
    expect(all.Contents![0]).toMatchObject({ Size: 1, StorageClass: 'STANDARD', ETag: expect.any(String), LastModified: expect.any(Date) })
    const folded = await s3.listObjectsV2({ Bucket, Delimiter: '/' })
    expect([folded.Contents!.map(({ Key }) => Key), folded.CommonPrefixes]).toEqual([
      ['B', 'a', 'é & <x>'],
      [{ Prefix: 'b/' }, { Prefix: 'c/' }],
    ])
    expect((await s3.listObjectsV2({ Bucket, Prefix: 'b/', StartAfter: 'b/1' })).Contents!.map(({ Key }) => Key)).toEqual(['b/2'])
    const encoded = await s3.listObjectsV2({ Bucket, Prefix: 'é', EncodingType: 'url' })
    expect(encoded.Contents!.map(({ Key }) => decodeURIComponent(Key!.replaceAll('+', ' ')))).toEqual(['é & <x>'])
  })

  behaviour('pages, each with a token for the next', { source: '[M]' }, async (target) => {
    const { s3, Bucket } = await withKeys(target, 'a', 'b/1', 'b/2', 'c')
    const seen: (string | undefined)[] = []
    let ContinuationToken: string | undefined
    do {
      const page = await s3.listObjectsV2({ Bucket, Delimiter: '/', MaxKeys: 1, ...(ContinuationToken && { ContinuationToken }) })
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix))
      expect([page.KeyCount, page.IsTruncated]).toEqual([1, page.NextContinuationToken !== undefined])
      ContinuationToken = page.NextContinuationToken
    } while (ContinuationToken)
    expect(seen).toEqual(['a', 'b/', 'c'])
    await expect(s3.listObjectsV2({ Bucket, ContinuationToken: 'none' })).rejects.toMatchObject({ name: 'InvalidArgument' })
  })
})

async function withKeys(target: Target, ...keys: string[]) {
  const Bucket = await target.bucket()
  for (const Key of keys) await target.s3.putObject({ Bucket, Key, Body: 'x' })
  return { s3: target.s3, Bucket }
}
