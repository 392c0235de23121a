import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('PutObject', ({ behaviour }) => {
  behaviour('a stream arrives in chunks and is stored without them', { row: 61, source: '§9.2 [W]' }, async (target) => {
    const { s3 } = target
    const [Bucket, Key] = [await target.bucket(), 'streamed']
    const chunks = [Buffer.alloc(70_000, 'a'), Buffer.alloc(1, 'b'), Buffer.alloc(65_537, 'c')]
    const whole = Buffer.concat(chunks)
    const { ChecksumCRC32 } = await s3.putObject({ Bucket, Key, Body: Readable.from(chunks), ContentLength: whole.length })
    const got = await s3.getObject({ Bucket, Key })
    expect(Buffer.compare(await got.Body!.transformToByteArray(), whole)).toBe(0)
    expect([got.ContentEncoding, got.ContentLength, got.ChecksumCRC32]).toEqual([undefined, whole.length, ChecksumCRC32])
  })

  behaviour('the ETag of an object in one piece is its MD5, in quotes', { source: '§9.3 [M]' }, async (target) => {
    const { ETag } = await target.s3.putObject({ Bucket: await target.bucket(), Key: 'a', Body: 'hello' })
    expect(ETag).toBe(`"${createHash('md5').update('hello').digest('hex')}"`)
  })

  behaviour('a checksum is verified, echoed and kept, of whatever kind', { source: '§9.3 [M]' }, async (target) => {
    const { s3 } = target
    const [Bucket, Key] = [await target.bucket(), 'a']
    for (const algorithm of ['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const) {
      const member = `Checksum${algorithm}` as const
      const put = await s3.putObject({ Bucket, Key, Body: 'hello', ChecksumAlgorithm: algorithm })
      expect(put[member]).toBeDefined()
      expect((await s3.headObject({ Bucket, Key, ChecksumMode: 'ENABLED' }))[member]).toBe(put[member])
      await expect(s3.putObject({ Bucket, Key, Body: 'jello', [member]: put[member] })).rejects.toMatchObject({ name: 'BadDigest' })
    }
  })

  behaviour('metadata, headers and tags are kept', { source: '[M]' }, async (target) => {
    const { s3 } = target
    const [Bucket, Key] = [await target.bucket(), 'päth/with space+&=']
    const kept = {
      ContentType: 'text/plain',
      CacheControl: 'no-store',
      ContentDisposition: 'inline',
      ContentEncoding: 'gzip',
      Metadata: { build: '7' },
    }
    await s3.putObject({ Bucket, Key, Body: 'x', ...kept, Tagging: 'stage=beta&team=a%20b' })
    expect(await s3.headObject({ Bucket, Key })).toMatchObject({ ...kept, TagCount: 2 })
    const { TagSet } = await s3.getObjectTagging({ Bucket, Key })
    expect(TagSet).toEqual([
      { Key: 'stage', Value: 'beta' },
      { Key: 'team', Value: 'a b' },
    ])
  })

  behaviour('only where nothing is, or over a certain version', { source: '[M]' }, async (target) => {
    const { s3 } = target
    const [Bucket, Key] = [await target.bucket(), 'a']
    const refused = { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } }
    const { ETag } = await s3.putObject({ Bucket, Key, Body: '1', IfNoneMatch: '*' })
    await expect(s3.putObject({ Bucket, Key, Body: '2', IfNoneMatch: '*' })).rejects.toMatchObject(refused)
    await expect(s3.putObject({ Bucket, Key, Body: '2', IfMatch: '"0"' })).rejects.toMatchObject(refused)
    await s3.putObject({ Bucket, Key, Body: '2', IfMatch: ETag })
    await expect(s3.putObject({ Bucket, Key: 'none', Body: '2', IfMatch: ETag })).rejects.toMatchObject({ name: 'NoSuchKey' })
  })

  behaviour('a presigned URL takes the bytes of whoever has it', { source: '§9.4' }, async (target) => {
    const { s3 } = target
    const [Bucket, Key] = [await target.bucket(), 'logs/a b.txt']
    // The SDK would sign a checksum of the body that it does not know.
    const { region, credentials, endpoint, forcePathStyle } = s3.config
    const address = { region, credentials, forcePathStyle, ...(endpoint && { endpoint }) }
    const signer = new S3Client({ ...address, requestChecksumCalculation: 'WHEN_REQUIRED' })
    const url = await getSignedUrl(signer, new PutObjectCommand({ Bucket, Key, ContentType: 'text/plain' }), { expiresIn: 60 })
    const put = (headers: Record<string, string>) => fetch(url, { method: 'PUT', body: 'log', headers })
    expect((await put({ 'content-type': 'text/plain' })).status).toBe(200)
    const got = await s3.getObject({ Bucket, Key })
    expect([got.ContentType, await got.Body!.transformToString()]).toEqual(['text/plain', 'log'])
    expect((await fetch(url)).status).toBe(403)
  })

  behaviour('a bucket that is not there', { source: '§9.3' }, async (target) => {
    const Bucket = target.name('none')
    await expect(target.s3.putObject({ Bucket, Key: 'a', Body: '' })).rejects.toMatchObject({ name: 'NoSuchBucket', BucketName: Bucket })
  })
})
