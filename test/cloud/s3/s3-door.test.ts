import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { newWorld, xml } from '../http/world.ts'
import type { SendOptions, World } from '../http/world.ts'

function withBucket(): World & { readonly s3: (method: string, url: string, options?: SendOptions) => ReturnType<World['send']> } {
  const world = newWorld()
  world.send('s3', 'PUT', '/firmware/')
  return { ...world, s3: (method, url, options) => world.send('s3', method, url, options) }
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const vouched = (body: string) => ({ body, headers: { 'content-md5': createHash('md5').update(body).digest('base64') } })
const base64Crc = (text: string) => Buffer.from(crc32(Buffer.from(text)).toString(16).padStart(8, '0'), 'hex').toString('base64')
const text = (response: ReturnType<World['send']>) => Buffer.from(response.body).toString()

test('an object keeps its type, its metadata and its ETag', () => {
  const { s3 } = withBucket()
  const headers = { 'content-type': 'text/plain', 'x-amz-meta-build': '7', 'cache-control': 'no-store', 'content-encoding': 'gzip' }
  expect(s3('PUT', '/firmware/a.txt', { body: 'hello', headers }).headers['etag']).toBe(`"${md5('hello')}"`)
  const got = s3('GET', '/firmware/a.txt')
  expect(text(got)).toBe('hello')
  expect(got.headers).toMatchObject({
    ...headers,
    etag: `"${md5('hello')}"`,
    'accept-ranges': 'bytes',
    'content-length': '5',
    'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
    server: 'AmazonS3',
  })
  expect(s3('HEAD', '/firmware/a.txt')).toMatchObject({ status: 200, body: '', headers: { 'content-length': '5' } })
  expect(s3('GET', '/firmware/a.txt?response-content-type=x%2Fy').headers['content-type']).toBe('x/y')
})

test('the same path at another host is another object', () => {
  const { s3 } = withBucket()
  s3('PUT', '/firmware/a', { body: 'path style' })
  s3('PUT', '/a', { body: 'in the host', headers: { host: 'firmware.localhost' } })
  s3('PUT', '/firmware/a', { body: 'longer key', headers: { host: 'firmware.localhost' } })
  expect(text(s3('GET', '/firmware/a'))).toBe('in the host')
  expect(text(s3('GET', '/firmware/a', { headers: { host: 'firmware.localhost' } }))).toBe('longer key')
})

test('an aws-chunked upload is stored decoded, and its checksum comes back', () => {
  const { s3 } = withBucket()
  const crc = base64Crc('hello')
  const headers = {
    'content-encoding': 'aws-chunked',
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-decoded-content-length': '5',
    'x-amz-trailer': 'x-amz-checksum-crc32',
  }
  const body = `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${crc}\r\n\r\n`
  expect(s3('PUT', '/firmware/a', { body, headers }).headers['x-amz-checksum-crc32']).toBe(crc)
  const got = s3('GET', '/firmware/a', { headers: { 'x-amz-checksum-mode': 'ENABLED' } })
  expect([text(got), got.headers['x-amz-checksum-crc32'], got.headers['content-encoding']]).toEqual(['hello', crc, undefined])
  const part = s3('GET', '/firmware/a', { headers: { 'x-amz-checksum-mode': 'ENABLED', range: 'bytes=0-1' } })
  expect([part.status, part.headers['x-amz-checksum-crc32']]).toEqual([206, undefined])
  expect(xml(s3('PUT', '/firmware/a', { body: body.replace('hello', 'jello'), headers }), 'Code')).toBe('BadDigest')
})

const checksums: [string, string][] = [
  ['content-md5', Buffer.from(md5('hello'), 'hex').toString('base64')],
  ['x-amz-checksum-crc32', base64Crc('hello')],
  // CRC-32C of "hello" is 9a71bb4c.
  ['x-amz-checksum-crc32c', Buffer.from('9a71bb4c', 'hex').toString('base64')],
  ['x-amz-checksum-sha1', createHash('sha1').update('hello').digest('base64')],
  ['x-amz-checksum-sha256', createHash('sha256').update('hello').digest('base64')],
]

test.each(checksums)('%s is verified', (name, value) => {
  const { s3 } = withBucket()
  expect(s3('PUT', '/firmware/a', { body: 'hello', headers: { [name]: value } }).status).toBe(200)
  expect(xml(s3('PUT', '/firmware/a', { body: 'jello', headers: { [name]: value } }), 'Code')).toBe('BadDigest')
})

const conditions: [string, Record<string, string>, number][] = [
  ['its ETag', { 'if-match': `"${md5('hello')}"` }, 200],
  ['another ETag', { 'if-match': '"no"' }, 412],
  ['none of its ETag', { 'if-none-match': `"${md5('hello')}"` }, 304],
  ['none of another ETag', { 'if-none-match': '"no"' }, 200],
  ['changed since before', { 'if-modified-since': 'Wed, 31 Dec 2025 23:59:59 GMT' }, 200],
  ['changed since then', { 'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT' }, 304],
  ['not changed since then', { 'if-unmodified-since': 'Thu, 01 Jan 2026 00:00:00 GMT' }, 200],
  ['not changed since before', { 'if-unmodified-since': 'Wed, 31 Dec 2025 23:59:59 GMT' }, 412],
  ['its ETag, which outweighs the date', { 'if-match': `"${md5('hello')}"`, 'if-unmodified-since': 'Wed, 31 Dec 2025 23:59:59 GMT' }, 200],
  ['a range of its ETag', { 'if-range': `"${md5('hello')}"`, range: 'bytes=0-0' }, 206],
  ['a range of another ETag', { 'if-range': '"no"', range: 'bytes=0-0' }, 200],
]

test.each(conditions)('GET on condition: %s', (_, headers, status) => {
  const { s3 } = withBucket()
  s3('PUT', '/firmware/a', { body: 'hello' })
  expect(s3('GET', '/firmware/a', { headers }).status).toBe(status)
})

test('PUT only where nothing is', () => {
  const { s3 } = withBucket()
  const headers = { 'if-none-match': '*' }
  expect([s3('PUT', '/firmware/a', { body: '1', headers }).status, s3('PUT', '/firmware/a', { body: '2', headers }).status]).toEqual([200, 412])
})

const errors: [string, string, string, SendOptions, string, number][] = [
  ['an unknown bucket', 'GET', '/none/a', {}, 'NoSuchBucket', 404],
  ['an unknown key', 'GET', '/firmware/none', {}, 'NoSuchKey', 404],
  ['an unknown version', 'GET', `/firmware/a?versionId=${'v'.repeat(32)}`, {}, 'NoSuchVersion', 404],
  ['a version that is none', 'GET', '/firmware/a?versionId=none', {}, 'InvalidArgument', 400],
  ['an empty version', 'GET', '/firmware/a?versionId=', {}, 'InvalidArgument', 400],
  ['a range beyond the end', 'GET', '/firmware/a', { headers: { range: 'bytes=9-' } }, 'InvalidRange', 416],
  ['a bucket that holds something', 'DELETE', '/firmware', {}, 'BucketNotEmpty', 409],
  ['a bucket name in capitals', 'PUT', '/Firmware', {}, 'InvalidBucketName', 400],
  ['a bucket that is there, outside us-east-1', 'PUT', '/firmware', { region: 'eu-west-1' }, 'BucketAlreadyOwnedByYou', 409],
  ['a key of more than 1,024 bytes', 'PUT', `/firmware/${'k'.repeat(1025)}`, { body: '' }, 'KeyTooLongError', 400],
  ['metadata of more than 2 KB', 'PUT', '/firmware/b', { headers: { 'x-amz-meta-a': 'x'.repeat(2048) } }, 'MetadataTooLarge', 400],
  ['a subresource that is not here', 'GET', '/firmware?acl', {}, 'NotImplemented', 501],
  ['a method that S3 does not have', 'PATCH', '/firmware/a', {}, 'MethodNotAllowed', 405],
  ['XML that is none', 'POST', '/firmware?delete', vouched('<Delete><Object>'), 'MalformedXML', 400],
  ['a list of deletions that nothing vouches for', 'POST', '/firmware?delete', { body: '<Delete/>' }, 'InvalidRequest', 400],
  ["a bucket that is expected to be somebody else's", 'GET', '/firmware/a', { headers: { 'x-amz-expected-bucket-owner': '1' } }, 'AccessDenied', 403],
  [
    'a body other than the one signed',
    'PUT',
    '/firmware/a',
    { headers: { 'x-amz-content-sha256': '0'.repeat(64) } },
    'XAmzContentSHA256Mismatch',
    400,
  ],
  ['an unknown upload', 'PUT', '/firmware/a?partNumber=1&uploadId=none', { body: 'x' }, 'NoSuchUpload', 404],
]

test.each(errors)('%s', (_, method, url, options, code, status) => {
  const { s3 } = withBucket()
  s3('PUT', '/firmware/a', { body: 'hello' })
  const answer = s3(method, url, options)
  expect([answer.status, xml(answer, 'Code')]).toEqual([status, code])
  expect(answer.headers['content-type']).toBe('application/xml')
  expect(xml(answer, 'RequestId')).toBe(answer.headers['x-amz-request-id'])
})

test('versions: each is kept, a marker hides them, and takes itself away when deleted', () => {
  const { s3 } = withBucket()
  s3('PUT', '/firmware/a', { body: 'zero' })
  s3('PUT', '/firmware?versioning', { body: '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>' })
  expect(xml(s3('GET', '/firmware?versioning'), 'Status')).toBe('Enabled')
  const first = s3('PUT', '/firmware/a', { body: 'one' }).headers['x-amz-version-id']!
  const second = s3('PUT', '/firmware/a', { body: 'two' }).headers['x-amz-version-id']!
  expect([text(s3('GET', '/firmware/a')), text(s3('GET', `/firmware/a?versionId=${first}`)), text(s3('GET', '/firmware/a?versionId=null'))]).toEqual([
    'two',
    'one',
    'zero',
  ])

  const marker = s3('DELETE', '/firmware/a')
  expect(marker.headers['x-amz-delete-marker']).toBe('true')
  const hidden = s3('GET', '/firmware/a')
  expect([hidden.status, hidden.headers['x-amz-delete-marker'], xml(hidden, 'Code')]).toEqual([404, 'true', 'NoSuchKey'])
  const markerId = marker.headers['x-amz-version-id']!
  expect(s3('GET', `/firmware/a?versionId=${markerId}`).status).toBe(405)
  const versions = text(s3('GET', '/firmware?versions'))
  expect(versions.match(/<VersionId>(.*?)<\/VersionId>/g)).toEqual([second, first, 'null', markerId].map((id) => `<VersionId>${id}</VersionId>`))

  s3('DELETE', `/firmware/a?versionId=${markerId}`)
  s3('DELETE', `/firmware/a?versionId=${second}`)
  expect(text(s3('GET', '/firmware/a'))).toBe('one')
})

test('a listing folds keys by delimiter, orders them by bytes and goes on where it stopped', () => {
  const { s3 } = withBucket()
  for (const key of ['b/1', 'b/2', 'a', 'B', 'c/x/y', '%C3%A9', 'a%26b']) s3('PUT', `/firmware/${key}`, { body: '' })
  const keys = (answer: ReturnType<typeof s3>) => [...text(answer).matchAll(/<(?:Key|Prefix)>([^<]+)</g)].map((match) => match[1])
  expect(keys(s3('GET', '/firmware?list-type=2'))).toEqual(['B', 'a', 'a&amp;b', 'b/1', 'b/2', 'c/x/y', 'é'])
  expect(keys(s3('GET', '/firmware?delimiter=%2F&encoding-type=url&list-type=2'))).toEqual(['B', 'a', 'a%26b', '%C3%A9', 'b/', 'c/'])
  expect(keys(s3('GET', '/firmware?list-type=2&prefix=b%2F'))).toEqual(['b/', 'b/1', 'b/2'])
  expect(keys(s3('GET', '/firmware?list-type=2&start-after=b%2F1'))).toEqual(['b/2', 'c/x/y', 'é'])
  const page = s3('GET', '/firmware?delimiter=%2F&list-type=2&max-keys=4')
  expect(keys(page)).toEqual(['B', 'a', 'a&amp;b', 'b/'])
  const token = xml(page, 'NextContinuationToken')!
  expect(keys(s3('GET', `/firmware?continuation-token=${token}&delimiter=%2F&list-type=2`))).toEqual(['é', 'c/'])
  const old = s3('GET', '/firmware?delimiter=%2F&marker=B&max-keys=1')
  expect([keys(old), xml(old, 'NextMarker')]).toEqual([['a'], 'a'])
})

test('parts become one object with an ETag of its own', () => {
  const { s3 } = withBucket()
  const uploadId = xml(s3('POST', '/firmware/big?uploads', { headers: { 'content-type': 'x/y' } }), 'UploadId')!
  const first = Buffer.alloc(5 * 1024 * 1024, 'a')
  const etags = [first, Buffer.from('end')].map(
    (body, index) => s3('PUT', `/firmware/big?partNumber=${index + 1}&uploadId=${uploadId}`, { body }).headers['etag'],
  )
  const list = (order: number[]) => order.map((number) => `<Part><PartNumber>${number}</PartNumber><ETag>${etags[number - 1]}</ETag></Part>`).join('')
  const complete = (order: number[]) =>
    s3('POST', `/firmware/big?uploadId=${uploadId}`, { body: `<CompleteMultipartUpload>${list(order)}</CompleteMultipartUpload>` })
  expect(xml(complete([2, 1]), 'Code')).toBe('InvalidPartOrder')
  const done = complete([1, 2])
  const digest = createHash('md5')
    .update(Buffer.from(etags.join('').replaceAll('"', ''), 'hex'))
    .digest('hex')
  expect(xml(done, 'ETag')).toBe(`&quot;${digest}-2&quot;`)
  const got = s3('GET', '/firmware/big', { headers: { range: 'bytes=-4' } })
  expect([text(got), got.headers['content-type'], got.headers['content-range']]).toEqual(['aend', 'x/y', 'bytes 5242879-5242882/5242883'])
  expect(xml(complete([1, 2]), 'Code')).toBe('NoSuchUpload')
})

test('small parts before the last are refused, and an upload can be given up', () => {
  const { s3 } = withBucket()
  const uploadId = xml(s3('POST', '/firmware/big?uploads'), 'UploadId')!
  const parts = [1, 2].map((number) => {
    const etag = s3('PUT', `/firmware/big?partNumber=${number}&uploadId=${uploadId}`, { body: 'small' }).headers['etag']
    return `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`
  })
  const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
  expect(xml(s3('POST', `/firmware/big?uploadId=${uploadId}`, { body }), 'Code')).toBe('EntityTooSmall')
  expect(s3('DELETE', `/firmware/big?uploadId=${uploadId}`).status).toBe(204)
  expect(xml(s3('POST', `/firmware/big?uploadId=${uploadId}`, { body }), 'Code')).toBe('NoSuchUpload')
})

test('a copy keeps the metadata, or takes new', () => {
  const { s3 } = withBucket()
  s3('PUT', '/firmware/a%20b', { body: 'hello', headers: { 'x-amz-meta-build': '7' } })
  s3('PUT', '/firmware/c', { headers: { 'x-amz-copy-source': '/firmware/a%20b' } })
  expect([text(s3('GET', '/firmware/c')), s3('HEAD', '/firmware/c').headers['x-amz-meta-build']]).toEqual(['hello', '7'])
  s3('PUT', '/firmware/c', { headers: { 'x-amz-copy-source': 'firmware/a%20b', 'x-amz-metadata-directive': 'REPLACE', 'x-amz-meta-build': '8' } })
  expect(s3('HEAD', '/firmware/c').headers['x-amz-meta-build']).toBe('8')
})

test('deleting is quiet about what is not there, and an empty bucket goes', () => {
  const { s3 } = withBucket()
  s3('PUT', '/firmware/a%26b', { body: '' })
  const body = '<Delete><Object><Key>a&amp;b</Key></Object><Object><Key>none</Key></Object></Delete>'
  expect(text(s3('POST', '/firmware?delete', vouched(body))).match(/<Deleted>/g)).toHaveLength(2)
  expect(s3('DELETE', '/firmware/none').status).toBe(204)
  expect([s3('DELETE', '/firmware').status, s3('HEAD', '/firmware').status]).toEqual([204, 404])
})

test('buckets: repeated in us-east-1 without complaint, located and listed', () => {
  const { s3 } = withBucket()
  const body = '<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>'
  expect(s3('PUT', '/abc', { body, region: 'eu-west-1' }).headers['location']).toBe('/abc')
  expect(s3('PUT', '/firmware').status).toBe(200)
  expect(text(s3('GET', '/abc?location'))).toContain('>eu-west-1</LocationConstraint>')
  expect(s3('HEAD', '/abc').headers['x-amz-bucket-region']).toBe('eu-west-1')
  expect([...text(s3('GET', '/')).matchAll(/<Name>(.*?)</g)].map((match) => match[1])).toEqual(['abc', 'firmware'])
})

test('requests beyond the rate of an operation are told to slow down', () => {
  const world = newWorld({ limits: { admit: (operation) => operation !== 's3:ListBuckets' } })
  const answer = world.send('s3', 'GET', '/')
  expect([answer.status, xml(answer, 'Code'), world.send('s3', 'PUT', '/firmware').status]).toEqual([503, 'SlowDown', 200])
})
