import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('DeleteBucket', ({ behaviour }) => {
  behaviour('must be empty, of versions and markers too', { source: '[M]' }, async (target) => {
    const { s3 } = target
    const [Bucket, Key] = [await target.bucket(), 'a']
    await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })
    const { VersionId } = await s3.putObject({ Bucket, Key, Body: 'x' })
    const marker = await s3.deleteObject({ Bucket, Key })
    await expect(s3.deleteBucket({ Bucket })).rejects.toMatchObject({ name: 'BucketNotEmpty', $metadata: { httpStatusCode: 409 } })
    for (const id of [VersionId, marker.VersionId]) await s3.deleteObject({ Bucket, Key, VersionId: id })
    await s3.deleteBucket({ Bucket })
    await expect(s3.headBucket({ Bucket })).rejects.toMatchObject({ name: 'NotFound' })
  })
})
