import { expect, test } from 'vitest'
import { SigV4 } from '../../../src/cloud/http/sigv4.ts'

/** The examples that AWS publishes with the description of Signature Version 4 for S3. */
const accessKeyId = 'AKIAIOSFODNN7EXAMPLE'
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const signedAtMs = Date.UTC(2013, 4, 24)
const body = new Uint8Array(0)
const host = 'examplebucket.s3.amazonaws.com'

const sigV4 = (nowMs = signedAtMs) => new SigV4({ accessKeyId, secretAccessKey, now: () => nowMs, wallNow: () => nowMs })

const headers = {
  host,
  range: 'bytes=0-9',
  'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'x-amz-date': '20130524T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,' +
    'SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
}

const presigned =
  '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
  '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
  '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404'

test('the published GET with a signed header is accepted, with any other range it is not', () => {
  const request = { method: 'GET', url: '/test.txt', headers, body }
  expect(sigV4().verify(request)).toEqual({ accessKeyId, date: '20130524', region: 'us-east-1', service: 's3' })
  expect(() => sigV4().verify({ ...request, headers: { ...headers, range: 'bytes=0-8' } })).toThrow(
    expect.objectContaining({ code: 'SignatureDoesNotMatch', status: 403 }),
  )
})

test('the published presigned URL is accepted, again from memory, until the second it expires', () => {
  let nowMs = signedAtMs
  const verifier = new SigV4({ accessKeyId, secretAccessKey, now: () => nowMs, wallNow: () => nowMs })
  const request = { method: 'GET', url: presigned, headers: { host }, body }
  expect(verifier.verify(request)?.service).toBe('s3')
  nowMs += 86_400_000
  expect(verifier.verify(request)?.service).toBe('s3')
  nowMs += 1
  expect(() => verifier.verify(request)).toThrow(expect.objectContaining({ code: 'AccessDenied', message: 'Request has expired' }))
})

const refused: [string, (url: string) => { method?: string; url?: string; host?: string; nowMs?: number }, string, number][] = [
  ['a HEAD with a GET signature', () => ({ method: 'HEAD' }), 'SignatureDoesNotMatch', 403],
  ['another key', (url) => ({ url: url.replace('/test', '/best') }), 'SignatureDoesNotMatch', 403],
  ['another host', () => ({ host: 'other.s3.amazonaws.com' }), 'SignatureDoesNotMatch', 403],
  ['a longer life', (url) => ({ url: url.replace('86400', '86401') }), 'SignatureDoesNotMatch', 403],
  ['one more member', (url) => ({ url: `${url}&versionId=1` }), 'SignatureDoesNotMatch', 403],
  ['an unknown key id', (url) => ({ url: url.replace('AKIAIOSFODNN7EXAMPLE', 'AKIANOBODY') }), 'InvalidAccessKeyId', 403],
  ['a life of more than a week', (url) => ({ url: url.replace('86400', '604801') }), 'AuthorizationQueryParametersError', 400],
  ['a negative life', (url) => ({ url: url.replace('86400', '-1') }), 'AuthorizationQueryParametersError', 400],
  ['a life that is no number', (url) => ({ url: url.replace('86400', 'long') }), 'AuthorizationQueryParametersError', 400],
  ['no date', (url) => ({ url: url.replace('X-Amz-Date=20130524T000000Z&', '') }), 'AuthorizationQueryParametersError', 400],
  ['another algorithm', (url) => ({ url: url.replace('AWS4-HMAC-SHA256', 'AWS4-ECDSA') }), 'AuthorizationQueryParametersError', 400],
  ['another service', (url) => ({ url: url.replace('%2Fs3%2F', '%2Fiot%2F') }), 'AuthorizationQueryParametersError', 400],
  ['a date more than 15 minutes ahead', () => ({ nowMs: signedAtMs - 15 * 60_000 - 1 }), 'AccessDenied', 403],
]

test.each(refused)('a presigned URL with %s is refused', (_, change, code, status) => {
  const { method = 'GET', url = presigned, host: changedHost = host, nowMs = signedAtMs } = change(presigned)
  const request = { method, url, headers: { host: changedHost }, body }
  expect(() => sigV4(nowMs).verify(request)).toThrow(expect.objectContaining({ code, status }))
})

test('what is remembered of a URL is for its method and its host only', () => {
  const verifier = sigV4()
  const request = { method: 'GET', url: presigned, headers: { host }, body }
  verifier.verify(request)
  const mismatch = expect.objectContaining({ code: 'SignatureDoesNotMatch' })
  expect(() => verifier.verify({ ...request, method: 'HEAD' })).toThrow(mismatch)
  expect(() => verifier.verify({ ...request, headers: { host: 'other.s3.amazonaws.com' } })).toThrow(mismatch)
  expect(verifier.verify(request)?.service).toBe('s3')
})

test('a URL that a client signed is valid on the clock to which its date is nearer', () => {
  const request = { method: 'GET', url: presigned, headers: { host }, body }
  const day = 86_400_000
  const onWall = new SigV4({ accessKeyId, secretAccessKey, now: () => signedAtMs + 400 * day, wallNow: () => signedAtMs + 1000 })
  expect(onWall.verify(request)).toBeDefined()
  const onSimulated = new SigV4({ accessKeyId, secretAccessKey, now: () => signedAtMs + 1000, wallNow: () => signedAtMs - 400 * day })
  expect(onSimulated.verify(request)).toBeDefined()
})

test("the cloud's own URL is valid on simulated time, however near the wall clock is", () => {
  let simulatedMs = signedAtMs
  const own = new SigV4({ accessKeyId, secretAccessKey, now: () => simulatedMs, wallNow: () => signedAtMs })
  const url = own.presign({ method: 'GET', origin: 'http://127.0.0.1:4610', path: '/b/k', region: 'us-east-1', expiresInSec: 60 })
  const request = { method: 'GET', url: url.slice('http://127.0.0.1:4610'.length), headers: { host: '127.0.0.1:4610' }, body }
  expect(own.verify(request)?.region).toBe('us-east-1')
  simulatedMs += 60_001
  expect(() => own.verify(request)).toThrow(
    expect.objectContaining({
      message: 'Request has expired',
      members: { 'X-Amz-Expires': '60', Expires: '2013-05-24T00:01:00Z', ServerTime: '2013-05-24T00:01:00Z' },
    }),
  )
})

test('more URLs than are remembered: the oldest is verified anew', () => {
  const verifier = sigV4()
  const urls = Array.from({ length: 4200 }, (_, index) =>
    verifier.presign({ method: 'GET', origin: 'http://h', path: `/b/${index}`, region: 'us-east-1', expiresInSec: 60 }).slice('http://h'.length),
  )
  for (const url of [...urls, urls[0]!]) expect(verifier.verify({ method: 'GET', url, headers: { host: 'h' }, body })).toBeDefined()
})

test('a header signature is as old as fifteen minutes at most', () => {
  const request = { method: 'GET', url: '/test.txt', headers, body }
  expect(sigV4(signedAtMs + 15 * 60_000).verify(request)).toBeDefined()
  expect(() => sigV4(signedAtMs + 15 * 60_000 + 1).verify(request)).toThrow(expect.objectContaining({ code: 'RequestTimeTooSkewed', status: 403 }))
})

test.each([
  ['no credential', 'AWS4-HMAC-SHA256 SignedHeaders=host, Signature=00'],
  ['another scheme', 'Basic dXNlcjpwYXNz'],
])('an Authorization with %s is not complete', (_, authorization) => {
  const request = { method: 'GET', url: '/test.txt', headers: { ...headers, authorization }, body }
  expect(() => sigV4().verify(request)).toThrow(expect.objectContaining({ code: 'IncompleteSignatureException', status: 400 }))
})

test('a URL with signature version 2, as the AWS CLI 1 makes it, is verified on the wall clock', () => {
  // aws-cli 1.45 `s3 presign` with the keys a / b.
  const cli = '/fwbucket/dir/big%20file.bin?AWSAccessKeyId=a&Signature=dUg8%2FnGl5b6sQVJYCzalUXFjOvo%3D&Expires=1795209390'
  const verifier = (nowMs: number) => new SigV4({ accessKeyId: 'a', secretAccessKey: 'b', now: () => 0, wallNow: () => nowMs })
  const request = { method: 'GET', url: cli, headers: { host: '127.0.0.1:45991' }, body }
  expect(verifier(1_795_209_390_000).verify(request)?.service).toBe('s3')
  expect(() => verifier(1_795_209_391_000).verify(request)).toThrow(expect.objectContaining({ message: 'Request has expired' }))
  expect(() => verifier(0).verify({ ...request, url: cli.replace('big', 'bag') })).toThrow(expect.objectContaining({ code: 'SignatureDoesNotMatch' }))
})

test.each([
  ['/fw/app.bin', undefined],
  ['/fw/a%20b/%C3%A9%21%27%28%29%2A', undefined],
  ['/fw/app.bin', 'kL4b.-_x/+= 1'],
])('what the cloud signs (%s, version %s) is what a verifier that has never seen it expects', (path, versionId) => {
  const request = { method: 'GET', origin: 'http://127.0.0.1:4610', path, versionId, region: 'eu-central-1', expiresInSec: 300 } as const
  const url = sigV4().presign(request).slice('http://127.0.0.1:4610'.length)
  const get = { method: 'GET', url, headers: { host: '127.0.0.1:4610' }, body }
  expect(sigV4(signedAtMs + 300_000).verify(get)).toEqual({ accessKeyId, date: '20130524', region: 'eu-central-1', service: 's3' })
  expect(() => sigV4().verify({ ...get, url: url.replace('fw', 'wf') })).toThrow(expect.objectContaining({ code: 'SignatureDoesNotMatch' }))
})

test('a URL that the cloud signed is good for its host and method only, and from the second on that it says', () => {
  let nowMs = signedAtMs + 900
  const own = new SigV4({ accessKeyId, secretAccessKey, now: () => nowMs, wallNow: () => nowMs })
  const url = own.presign({ method: 'GET', origin: 'http://h', path: '/b/k', region: 'us-east-1', expiresInSec: 60 }).slice('http://h'.length)
  const get = { method: 'GET', url, headers: { host: 'h' }, body }
  expect(own.verify(get)?.service).toBe('s3')
  for (const other of [{ method: 'HEAD' }, { headers: { host: 'i' } }])
    expect(() => own.verify({ ...get, ...other })).toThrow(expect.objectContaining({ code: 'SignatureDoesNotMatch' }))
  nowMs = signedAtMs + 60_001
  expect(() => own.verify(get)).toThrow(expect.objectContaining({ code: 'AccessDenied' }))
})
