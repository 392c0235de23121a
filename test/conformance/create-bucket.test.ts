import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('CreateBucket', ({ behaviour }) => {
  behaviour('a bucket of ours that is there already', { source: '§9.3' }, async (target) => {
    const Bucket = await target.bucket()
    const again = target.s3.createBucket({ Bucket, CreateBucketConfiguration: { LocationConstraint: target.region as 'eu-west-1' } })
    await expect(again).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou', $metadata: { httpStatusCode: 409 } })
    expect((await target.s3.getBucketLocation({ Bucket })).LocationConstraint).toBe(target.region)
    expect((await target.s3.headBucket({ Bucket })).BucketRegion).toBe(target.region)
    expect((await target.s3.listBuckets({ Prefix: Bucket })).Buckets!.map(({ Name }) => Name)).toContain(Bucket)
  })

  behaviour('a name that no bucket may have', { source: '[M]' }, async ({ s3 }) => {
    await expect(s3.createBucket({ Bucket: 'No-Bucket' })).rejects.toMatchObject({ name: 'InvalidBucketName' })
  })
})
