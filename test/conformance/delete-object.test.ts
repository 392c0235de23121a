import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('DeleteObject', ({ behaviour }) => {
  behaviour('succeeds, whether or not there was something', { source: '§9.3' }, async (target) => {
    const { s3 } = target
    const object = { Bucket: await target.bucket(), Key: 'a' }
    await s3.putObject({ ...object, Body: 'x' })
    for (const _ of [1, 2]) expect((await s3.deleteObject(object)).$metadata.httpStatusCode).toBe(204)
    await expect(s3.headObject(object)).rejects.toMatchObject({ name: 'NotFound' })
  })

  behaviour('adds a marker where versions are kept; deleting the marker brings the object back', { source: '§9.3' }, async (target) => {
    const { s3 } = target
    const object = { Bucket: await target.bucket(), Key: 'a' }
    await s3.putBucketVersioning({ Bucket: object.Bucket, VersioningConfiguration: { Status: 'Enabled' } })
    await s3.putObject({ ...object, Body: 'x' })
    const marker = await s3.deleteObject(object)
    expect(marker).toMatchObject({ DeleteMarker: true, VersionId: expect.any(String) })
    await expect(s3.headObject(object)).rejects.toMatchObject({ $response: { headers: { 'x-amz-delete-marker': 'true' } } })
    expect(await s3.deleteObject({ ...object, VersionId: marker.VersionId })).toMatchObject({ DeleteMarker: true, VersionId: marker.VersionId })
    expect((await s3.headObject(object)).ContentLength).toBe(1)
  })
})
