import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('CreateBucket', ({ behaviour }) => {
  behaviour('a bucket of ours that is there already', { source: '§9.3' }, async (target) => {
    const Bucket = await target.bucket()
    const isOldest = target.region === 'us-east-1'
    const location = isOldest ? {} : { CreateBucketConfiguration: { LocationConstraint: target.region as 'eu-west-1' } }
    const again = target.s3.createBucket({ Bucket, ...location }).then(
      ({ $metadata }) => $metadata.httpStatusCode,
      (error) => [error.name, error.$metadata.httpStatusCode],
    )
    // The oldest region says yes to it, and has no name as a location.
    expect(await again).toEqual(isOldest ? 200 : ['BucketAlreadyOwnedByYou', 409])
    expect((await target.s3.getBucketLocation({ Bucket })).LocationConstraint).toBe(isOldest ? undefined : target.region)
    expect((await target.s3.headBucket({ Bucket })).BucketRegion).toBe(target.region)
    expect((await target.s3.listBuckets({ Prefix: Bucket })).Buckets!.map(({ Name }) => Name)).toContain(Bucket)
  })

  behaviour('a name that no bucket may have', { source: '[M]' }, async ({ s3 }) => {
    await expect(s3.createBucket({ Bucket: 'No-Bucket' })).rejects.toMatchObject({ name: 'InvalidBucketName' })
  })
})
