import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('ListObjectVersions', ({ behaviour }) => {
  behaviour('versions and markers, the newest first, page by page', { source: '§9.3' }, async (target) => {
    const { s3 } = target
    const Bucket = await target.bucket()
    await s3.putObject({ Bucket, Key: 'a', Body: 'zero' })
    await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })
    const first = (await s3.putObject({ Bucket, Key: 'a', Body: 'one' })).VersionId
    const marker = (await s3.deleteObject({ Bucket, Key: 'a' })).VersionId
    const other = (await s3.putObject({ Bucket, Key: 'b', Body: 'other' })).VersionId
    const all = await s3.listObjectVersions({ Bucket })
    expect(all.Versions!.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest])).toEqual([
      ['a', first, false],
      ['a', 'null', false],
      ['b', other, true],
    ])
    expect(all.DeleteMarkers).toMatchObject([{ Key: 'a', VersionId: marker, IsLatest: true }])
    const page = await s3.listObjectVersions({ Bucket, MaxKeys: 2 })
    expect([page.IsTruncated, page.NextKeyMarker, page.NextVersionIdMarker]).toEqual([true, 'a', first])
    const rest = await s3.listObjectVersions({ Bucket, KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker })
    expect(rest.Versions!.map(({ VersionId }) => VersionId)).toEqual(['null', other])
  })
})
