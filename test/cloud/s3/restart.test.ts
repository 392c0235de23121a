import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { FakeStore } from '../fake-store.ts'
import { newWorld, xml } from '../http/world.ts'
import type { SendOptions } from '../http/world.ts'

/** Two clouds over one store: the second begins where the first one was. */
function twoClouds() {
  const store = new FakeStore()
  const client = () => {
    const world = newWorld({ store })
    return (method: string, url: string, options?: SendOptions) => world.send('s3', method, url, options)
  }
  return { before: client(), restart: client }
}

const text = (response: { body: string | Uint8Array }) => Buffer.from(response.body).toString()
const enable = { body: '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>' }

test('objects are there after a restart: bytes, metadata, tags, checksum, time, and the versions in their order', () => {
  const { before, restart } = twoClouds()
  before('PUT', '/firmware', { region: 'eu-west-1' })
  before('PUT', '/firmware?versioning', enable)
  const headers = { 'x-amz-meta-build': '7', 'x-amz-tagging': 'stage=beta', 'content-type': 'x/y' }
  for (const body of ['one', 'two', 'three']) before('PUT', '/firmware/a/b', { body, headers })
  before('DELETE', '/firmware/gone')
  before('PUT', '/firmware/gone', { body: 'gone' })
  const goneId = before('HEAD', '/firmware/gone').headers['x-amz-version-id']!
  before('DELETE', `/firmware/gone?versionId=${goneId}`)
  before('PUT', '/firmware/a/b?tagging', { body: '<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>' })

  const after = restart()
  const checked = { headers: { 'x-amz-checksum-mode': 'ENABLED' } }
  const [was, is] = [before, after].map((s3) => s3('GET', '/firmware/a/b', checked))
  const { 'x-amz-request-id': _id, 'x-amz-id-2': _id2, ...members } = was!.headers
  expect([text(is!), is!.headers]).toEqual(['three', expect.objectContaining(members)])
  expect(text(after('GET', '/firmware?versions'))).toBe(text(before('GET', '/firmware?versions')))
  expect(xml(after('GET', '/firmware/a/b?tagging'), 'Key')).toBe('k')
  expect(after('HEAD', '/firmware').headers['x-amz-bucket-region']).toBe('eu-west-1')
  expect(after('GET', `/firmware/gone?versionId=${goneId}`).status).toBe(404)
  // No id is given twice, that of a version that is gone included.
  const known = new Set([goneId, ...[...text(after('GET', '/firmware?versions')).matchAll(/<VersionId>(.*?)</g)].map((match) => match[1])])
  expect(known).not.toContain(after('PUT', '/firmware/gone', { body: 'new' }).headers['x-amz-version-id'])
})

test('an upload goes on after a restart, and what was deleted stays so', () => {
  const { before, restart } = twoClouds()
  before('PUT', '/firmware')
  before('PUT', '/firmware/old', { body: 'x' })
  before('DELETE', '/firmware/old')
  before('PUT', '/other')
  before('DELETE', '/other')
  const first = Buffer.alloc(5 * 1024 * 1024, 'a')
  const aborted = xml(before('POST', '/firmware/none?uploads'), 'UploadId')!
  const uploadId = xml(before('POST', '/firmware/big?uploads', { headers: { 'x-amz-checksum-algorithm': 'SHA256' } }), 'UploadId')!
  before('PUT', `/firmware/none?partNumber=1&uploadId=${aborted}`, { body: 'x' })
  before('DELETE', `/firmware/none?uploadId=${aborted}`)
  const etag = before('PUT', `/firmware/big?partNumber=1&uploadId=${uploadId}`, { body: first }).headers['etag']

  const after = restart()
  expect([...text(after('GET', '/firmware?uploads')).matchAll(/<UploadId>(.*?)</g)].map((match) => match[1])).toEqual([uploadId])
  const second = after('PUT', `/firmware/big?partNumber=2&uploadId=${uploadId}`, { body: 'end' }).headers['etag']
  const parts = [etag, second].map((tag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${tag}</ETag></Part>`).join('')
  const done = after('POST', `/firmware/big?uploadId=${uploadId}`, { body: `<CompleteMultipartUpload>${parts}</CompleteMultipartUpload>` })
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
  const composite = sha256(Buffer.concat([sha256(first), sha256(Buffer.from('end'))])).toString('base64')
  expect(xml(done, 'ChecksumSHA256')).toBe(`${composite}-2`)

  const third = restart()
  expect(third('HEAD', '/firmware/big').headers['content-length']).toBe(String(first.length + 3))
  expect(third('GET', '/firmware/big?partNumber=2').headers).toMatchObject({
    'content-range': 'bytes 5242880-5242882/5242883',
    'x-amz-mp-parts-count': '2',
  })
  expect([third('GET', '/firmware/old').status, third('HEAD', '/other').status]).toEqual([404, 404])
  expect(text(third('GET', '/firmware?uploads'))).not.toContain('<UploadId>')
})

test('after a reset there is nothing, for the next process either', () => {
  const store = new FakeStore()
  const first = newWorld({ store })
  first.send('s3', 'PUT', '/firmware')
  first.send('s3', 'PUT', '/firmware/a', { body: 'x' })
  first.cloud.reset()
  expect(first.send('s3', 'HEAD', '/firmware').status).toBe(404)
  expect(newWorld({ store }).send('s3', 'HEAD', '/firmware').status).toBe(404)
})
