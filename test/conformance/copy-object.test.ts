import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('CopyObject', ({ behaviour }) => {
  behaviour('keeps metadata and tags, or takes new ones', { source: '[M]' }, async (target) => {
    const { s3 } = target
    const Bucket = await target.bucket()
    await s3.putObject({ Bucket, Key: 'a b', Body: 'hello', Metadata: { build: '7' }, Tagging: 'stage=beta' })
    const copy = { Bucket, Key: 'copy', CopySource: `${Bucket}/${encodeURIComponent('a b')}` }
    const { CopyObjectResult } = await s3.copyObject(copy)
    const head = await s3.headObject({ Bucket, Key: 'copy' })
    expect(head).toMatchObject({ ETag: CopyObjectResult!.ETag, Metadata: { build: '7' }, TagCount: 1, ContentLength: 5 })
    await s3.copyObject({ ...copy, MetadataDirective: 'REPLACE', Metadata: { build: '8' }, TaggingDirective: 'REPLACE', Tagging: '' })
    expect(await s3.headObject({ Bucket, Key: 'copy' })).toMatchObject({ Metadata: { build: '8' } })
    expect((await s3.getObjectTagging({ Bucket, Key: 'copy' })).TagSet).toEqual([])
  })

  behaviour('an object onto itself is refused, unless something changes', { source: '[M]' }, async (target) => {
    const { s3 } = target
    const Bucket = await target.bucket()
    await s3.putObject({ Bucket, Key: 'a', Body: 'hello' })
    const itself = { Bucket, Key: 'a', CopySource: `${Bucket}/a` }
    await expect(s3.copyObject(itself)).rejects.toMatchObject({ name: 'InvalidRequest' })
    await s3.copyObject({ ...itself, MetadataDirective: 'REPLACE', Metadata: { build: '8' } })
  })

  behaviour('every condition on the source that fails is 412', { source: '§9.3' }, async (target) => {
    const { s3 } = target
    const Bucket = await target.bucket()
    const { ETag } = await s3.putObject({ Bucket, Key: 'a', Body: 'hello' })
    const [before, later] = [-3_600_000, 3_600_000].map((ms) => new Date(Date.now() + ms))
    const copy = { Bucket, Key: 'b', CopySource: `${Bucket}/a` }
    const failing = [
      { CopySourceIfMatch: '"0"' },
      { CopySourceIfNoneMatch: ETag },
      { CopySourceIfModifiedSince: later },
      { CopySourceIfUnmodifiedSince: before },
    ]
    for (const condition of failing) {
      await expect(s3.copyObject({ ...copy, ...condition })).rejects.toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } })
    }
    await s3.copyObject({ ...copy, CopySourceIfMatch: ETag, CopySourceIfNoneMatch: '"0"' })
  })

  behaviour('of a version; of a marker not', { source: '[M]' }, async (target) => {
    const { s3 } = target
    const Bucket = await target.bucket()
    await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })
    const { VersionId } = await s3.putObject({ Bucket, Key: 'a', Body: 'first' })
    await s3.putObject({ Bucket, Key: 'a', Body: 'second' })
    const copied = await s3.copyObject({ Bucket, Key: 'b', CopySource: `${Bucket}/a?versionId=${VersionId}` })
    expect(copied.CopySourceVersionId).toBe(VersionId)
    expect(await (await s3.getObject({ Bucket, Key: 'b', VersionId: copied.VersionId })).Body!.transformToString()).toBe('first')
    const marker = await s3.deleteObject({ Bucket, Key: 'a' })
    await expect(s3.copyObject({ Bucket, Key: 'b', CopySource: `${Bucket}/a` })).rejects.toMatchObject({ name: 'NoSuchKey' })
    await expect(s3.copyObject({ Bucket, Key: 'b', CopySource: `${Bucket}/a?versionId=${marker.VersionId}` })).rejects.toMatchObject({
      name: 'InvalidRequest',
    })
  })
})
