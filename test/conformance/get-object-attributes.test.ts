import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('GetObjectAttributes', ({ behaviour }) => {
  behaviour('gives what was asked for, the ETag without quotes', { source: '[M]' }, async (target) => {
    const { s3 } = target
    const object = { Bucket: await target.bucket(), Key: 'a' }
    const { ETag, ChecksumCRC32 } = await s3.putObject({ ...object, Body: 'hello' })
    const attributes = await s3.getObjectAttributes({ ...object, ObjectAttributes: ['ETag', 'Checksum', 'ObjectSize'] })
    expect(attributes).toMatchObject({ ETag: ETag!.replaceAll('"', ''), ObjectSize: 5, Checksum: { ChecksumCRC32, ChecksumType: 'FULL_OBJECT' } })
    expect(attributes.StorageClass).toBeUndefined()
  })
})
