import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('HeadObject', ({ behaviour }) => {
  behaviour('says what GetObject says, of the length too', { source: '§9.3' }, async (target) => {
    const { s3 } = target
    const object = { Bucket: await target.bucket(), Key: 'a' }
    await s3.putObject({ ...object, Body: 'hello' })
    const [head, get] = await Promise.all([s3.headObject(object), s3.getObject(object)])
    const { $metadata: _head, ...members } = head
    expect(members).toMatchObject({
      ContentLength: 5,
      ContentType: 'application/octet-stream',
      AcceptRanges: 'bytes',
      LastModified: expect.any(Date),
    })
    expect(get).toMatchObject(members)
  })

  behaviour('an error has no body, so the SDK knows it by its status', { source: '§9.1 [W]' }, async (target) => {
    const { s3 } = target
    const Bucket = await target.bucket()
    await expect(s3.headObject({ Bucket, Key: 'none' })).rejects.toMatchObject({ name: 'NotFound', $metadata: { httpStatusCode: 404 } })
    await s3.putObject({ Bucket, Key: 'a', Body: 'hello' })
    await expect(s3.headObject({ Bucket, Key: 'a', IfMatch: '"0"' })).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } })
  })
})
