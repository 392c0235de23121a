import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('DeleteObjects', ({ behaviour }) => {
  behaviour('tells of each object, or quietly of the errors alone', { source: '[M]' }, async (target) => {
    const { s3 } = target
    const Bucket = await target.bucket()
    for (const Key of ['a', 'b & c']) await s3.putObject({ Bucket, Key, Body: '' })
    const loud = await s3.deleteObjects({ Bucket, Delete: { Objects: [{ Key: 'b & c' }, { Key: 'none' }] } })
    expect([loud.Deleted, loud.Errors]).toEqual([[{ Key: 'b & c' }, { Key: 'none' }], undefined])
    const Objects = [{ Key: 'a' }, { Key: 'a', VersionId: 'no version' }]
    const quiet = await s3.deleteObjects({ Bucket, Delete: { Objects, Quiet: true } })
    expect(quiet.Deleted).toBeUndefined()
    expect(quiet.Errors).toMatchObject([{ Key: 'a', VersionId: 'no version' }])
    expect((await s3.listObjectsV2({ Bucket })).KeyCount).toBe(0)
  })
})
