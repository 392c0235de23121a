import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { conformance } from './target.ts'
import { PART_BYTES, upload } from './uploads.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

conformance('CompleteMultipartUpload', ({ behaviour }) => {
  behaviour('the ETag is the MD5 of the parts, and how many there are', { source: '§9.2' }, async (target) => {
    const { s3, Bucket, Key, UploadId, put } = await upload(target)
    const Parts = [await put(1, Buffer.alloc(PART_BYTES, 'a')), await put(7, 'end')]
    const { ETag } = await s3.completeMultipartUpload({ Bucket, Key, UploadId, MultipartUpload: { Parts } })
    const md5s = Parts.map((part) => Buffer.from(part.ETag!.replaceAll('"', ''), 'hex'))
    expect(ETag).toBe(`"${createHash('md5').update(Buffer.concat(md5s)).digest('hex')}-2"`)
    const got = await s3.getObject({ Bucket, Key, Range: 'bytes=-4' })
    expect([got.ETag, await got.Body!.transformToString()]).toEqual([ETag, 'aend'])
    expect(await s3.headObject({ Bucket, Key, PartNumber: 2 })).toMatchObject({ PartsCount: 2, ContentLength: 3 })
    await expect(s3.listParts({ Bucket, Key, UploadId })).rejects.toMatchObject({ name: 'NoSuchUpload' })
  })

  behaviour('the parts must be there, in order, and large enough', { source: '[M]' }, async (target) => {
    const { s3, Bucket, Key, UploadId, put } = await upload(target)
    const [first, second] = [await put(1, 'small'), await put(2, 'small, too')]
    const complete = (...Parts: object[]) => s3.completeMultipartUpload({ Bucket, Key, UploadId, MultipartUpload: { Parts } })
    await expect(complete(second, first)).rejects.toMatchObject({ name: 'InvalidPartOrder' })
    await expect(complete(first, { ...second, PartNumber: 3 })).rejects.toMatchObject({ name: 'InvalidPart' })
    await expect(complete(first, { ...second, ETag: first.ETag })).rejects.toMatchObject({ name: 'InvalidPart' })
    await expect(complete(first, second)).rejects.toMatchObject({ name: 'EntityTooSmall' })
    await complete(first)
  })

  behaviour('a checksum of the parts, where the upload was announced with one', { source: '[M]' }, async (target) => {
    const { s3, Bucket, Key, UploadId, put } = await upload(target, { ChecksumAlgorithm: 'SHA256' })
    const bodies = [Buffer.alloc(PART_BYTES, 'a'), Buffer.from('end')]
    const Parts = [await put(1, bodies[0]!), await put(2, bodies[1]!)]
    expect(Parts.map((part) => part.ChecksumSHA256)).toEqual(bodies.map((body) => sha256(body).toString('base64')))
    const done = await s3.completeMultipartUpload({ Bucket, Key, UploadId, MultipartUpload: { Parts } })
    expect(done.ChecksumSHA256).toBe(`${sha256(Buffer.concat(bodies.map(sha256))).toString('base64')}-2`)
    const head = await s3.headObject({ Bucket, Key, ChecksumMode: 'ENABLED' })
    expect([head.ChecksumSHA256, head.ChecksumType]).toEqual([done.ChecksumSHA256, 'COMPOSITE'])
  })

  behaviour('only where nothing is', { source: '[M]' }, async (target) => {
    const { s3, Bucket, Key, UploadId, put } = await upload(target)
    await s3.putObject({ Bucket, Key, Body: 'here already' })
    const done = s3.completeMultipartUpload({ Bucket, Key, UploadId, MultipartUpload: { Parts: [await put(1, 'x')] }, IfNoneMatch: '*' })
    await expect(done).rejects.toMatchObject({ name: 'PreconditionFailed' })
  })
})
