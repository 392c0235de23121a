import { GetObjectCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { expect } from 'vitest'
import { conformance } from './target.ts'
import type { Target } from './target.ts'

conformance('GetObject', ({ behaviour }) => {
  behaviour('ranges: from the end, to the end, beyond the end, and outside', { row: 60, source: '§9.3' }, async (target) => {
    const { s3, object } = await stored(target)
    const get = async (Range: string) => {
      const { $metadata, ContentRange, ContentLength, Body } = await s3.getObject({ ...object, Range })
      return [$metadata.httpStatusCode, ContentRange, ContentLength, await Body!.transformToString()]
    }
    expect(await get('bytes=-1')).toEqual([206, 'bytes 9-9/10', 1, '9'])
    expect(await get('bytes=5-')).toEqual([206, 'bytes 5-9/10', 5, '56789'])
    expect(await get('bytes=0-999999')).toEqual([206, 'bytes 0-9/10', 10, '0123456789'])
    expect(await get('bytes=3-4')).toEqual([206, 'bytes 3-4/10', 2, '34'])
    await expect(s3.getObject({ ...object, Range: 'bytes=999999-' })).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
      RangeRequested: 'bytes=999999-',
      ActualObjectSize: '10',
    })
  })

  behaviour('several ranges at once, or none that can be read, give the whole object', { source: '§9.3' }, async (target) => {
    const { s3, object } = await stored(target)
    for (const Range of ['bytes=0-1,3-4', 'bytes=4-3', 'lines=1-2']) {
      const { $metadata, ContentLength } = await s3.getObject({ ...object, Range })
      expect([$metadata.httpStatusCode, ContentLength]).toEqual([200, 10])
    }
  })

  behaviour('a part of an object comes without the checksum of the whole', { source: '§9.2 [W]' }, async (target) => {
    const { s3, object } = await stored(target)
    const whole = await s3.getObject({ ...object, ChecksumMode: 'ENABLED' })
    const part = await s3.getObject({ ...object, ChecksumMode: 'ENABLED', Range: 'bytes=0-3' })
    expect([whole.ChecksumCRC32, whole.ChecksumType, part.ChecksumCRC32]).toEqual([expect.any(String), 'FULL_OBJECT', undefined])
  })

  behaviour('conditions: 412 where it must be another version, 304 where it would be the same', { source: '§9.3' }, async (target) => {
    const { s3, object, etag } = await stored(target)
    const before = new Date(Date.now() - 3_600_000)
    const later = new Date(Date.now() + 3_600_000)
    await s3.getObject({ ...object, IfMatch: etag, IfUnmodifiedSince: before })
    for (const condition of [{ IfMatch: '"0"' }, { IfUnmodifiedSince: before }]) {
      await expect(s3.getObject({ ...object, ...condition })).rejects.toMatchObject({
        name: 'PreconditionFailed',
        $metadata: { httpStatusCode: 412 },
      })
    }
    for (const condition of [{ IfNoneMatch: etag }, { IfModifiedSince: later }]) {
      await expect(s3.getObject({ ...object, ...condition })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } })
    }
    await s3.getObject({ ...object, IfNoneMatch: '"0"', IfModifiedSince: later })
  })

  behaviour('the headers of the answer may be asked for in a presigned URL', { source: '[M]' }, async (target) => {
    const { s3, object } = await stored(target)
    const asked = { ResponseContentType: 'x/y', ResponseContentDisposition: 'attachment; filename="a b"', ResponseCacheControl: 'no-cache' }
    const answer = await fetch(await getSignedUrl(s3, new GetObjectCommand({ ...object, ...asked }), { expiresIn: 60 }))
    const headers = ['content-type', 'content-disposition', 'cache-control'].map((name) => answer.headers.get(name))
    expect([answer.status, ...headers]).toEqual([200, ...Object.values(asked)])
    const partial = await fetch(await getSignedUrl(s3, new GetObjectCommand(object), { expiresIn: 60 }), { headers: { range: 'bytes=2-3' } })
    expect([partial.status, await partial.text()]).toEqual([206, '23'])
  })

  behaviour('what is missing has its own error: key, bucket, version', { source: '§9.3' }, async (target) => {
    const { s3, object } = await stored(target)
    await expect(s3.getObject({ ...object, Key: 'none' })).rejects.toMatchObject({ name: 'NoSuchKey', Key: 'none' })
    await expect(s3.getObject({ ...object, Bucket: target.name('none') })).rejects.toMatchObject({ name: 'NoSuchBucket' })
    await expect(s3.getObject({ ...object, VersionId: 'x' })).rejects.toMatchObject({ name: 'InvalidArgument' })
  })

  behaviour('a version that was deleted hides, and is still there by its id', { source: '§9.3' }, async (target) => {
    const { s3, object } = await stored(target)
    const { Bucket } = object
    await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })
    const { VersionId } = await s3.putObject({ ...object, Body: 'second' })
    const marker = await s3.deleteObject(object)
    expect(marker.DeleteMarker).toBe(true)
    await expect(s3.getObject(object)).rejects.toMatchObject({ name: 'NoSuchKey' })
    await expect(s3.getObject({ ...object, VersionId: marker.VersionId })).rejects.toMatchObject({
      name: 'MethodNotAllowed',
      $metadata: { httpStatusCode: 405 },
    })
    expect(await (await s3.getObject({ ...object, VersionId })).Body!.transformToString()).toBe('second')
    expect(await (await s3.getObject({ ...object, VersionId: 'null' })).Body!.transformToString()).toBe('0123456789')
  })
})

async function stored(target: Target) {
  const object = { Bucket: await target.bucket(), Key: 'digits' }
  const { ETag } = await target.s3.putObject({ ...object, Body: '0123456789' })
  return { s3: target.s3, object, etag: ETag! }
}
