import { expect, test } from 'vitest'
import { HOST, newWorld } from '../http/world.ts'

const info = { contentType: 'binary/octet-stream', headers: {}, checksums: {} }
const APP = 'https://s3.eu-central-1.amazonaws.com/fw/app.bin'

function withImage(bytes = new Uint8Array(240 * 1024)) {
  const world = newWorld()
  world.cloud.objects.createBucket('fw', 'eu-central-1')
  const object = world.cloud.objects.put('fw', 'app.bin', bytes, info)
  return { ...world, object, objects: world.cloud.objects }
}

const pathOf = (url: string) => url.slice(`http://${HOST}`.length)

test('a presigned URL is the same text within a second, and another in the next', () => {
  const { objects, pass } = withImage()
  const first = objects.presign(APP, 300)
  pass(999)
  expect(objects.presign(APP, 300)).toBe(first)
  expect(objects.presign(APP, 301)).not.toBe(first)
  pass(1)
  const next = objects.presign(APP, 300)
  expect(next).not.toBe(first)
  expect(next).toContain('X-Amz-Date=20260101T000001Z')
})

test('a presigned URL names the object at the door, its region, and the version asked for', () => {
  const { objects, raw } = withImage(Uint8Array.of(1, 2, 3))
  const url = objects.presign(APP, 300)
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:4610\/fw\/app\.bin\?/)
  expect(url).toContain('%2Feu-central-1%2Fs3%2Faws4_request')
  expect(raw('GET', pathOf(url))).toMatchObject({ status: 200, body: Uint8Array.of(1, 2, 3) })
  const version = 'v'.repeat(32)
  const versioned = objects.presign(`${APP}%3FversionId%3D${version}`, 300)
  expect(versioned).toContain(`&versionId=${version}`)
  expect(raw('GET', pathOf(versioned)).status).toBe(404)
})

test('a presigned URL names the door with TLS where the cloud is told so', () => {
  const { cloud, raw } = newWorld({ presignedUrls: 'https', tlsEndpoint: '127.0.0.1:4443' })
  cloud.objects.createBucket('fw', 'eu-central-1')
  const url = cloud.objects.presign(APP, 300, 'PUT')
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:4443\/fw\/app\.bin\?/)
  expect(raw('PUT', url.slice('https://127.0.0.1:4443'.length), { host: '127.0.0.1:4443' }, Uint8Array.of(1)).status).toBe(200)
  expect(cloud.objects.read('https://127.0.0.1:4443/fw/app.bin')).toEqual(Uint8Array.of(1))
})

test('a URL that was presigned for an upload takes a PUT and nothing else, until it expires', () => {
  const { objects, raw, pass } = withImage()
  const url = pathOf(objects.presign('https://fw.s3.eu-central-1.amazonaws.com/logs/a b.txt', 60, 'PUT'))
  expect(raw('GET', url).status).toBe(403)
  expect(raw('PUT', url, {}, Buffer.from('log')).status).toBe(200)
  expect(Buffer.from(objects.read('s3://fw/logs/a b.txt')!).toString()).toBe('log')
  pass(61_000)
  expect(raw('PUT', url, {}, Buffer.from('late')).status).toBe(403)
})

test.each(['https://example.com/x', 's3://fw/\ud800'])('%j is no object and cannot be presigned', (url) => {
  expect(() => withImage().objects.presign(url, 300)).toThrow(expect.objectContaining({ code: 'InvalidRequestException' }))
})

test('bytes are read by URL, undefined where there are none', () => {
  const { objects } = withImage(Uint8Array.of(7))
  expect(objects.read(APP)).toEqual(Uint8Array.of(7))
  expect(objects.read('s3://fw/other.bin')).toBeUndefined()
  expect(objects.read('s3://none/app.bin')).toBeUndefined()
  expect(objects.read('app.bin')).toBeUndefined()
  objects.bucket('fw').versioning = 'Enabled'
  const second = objects.put('fw', 'app.bin', Uint8Array.of(8), info)
  objects.delete('fw', 'app.bin')
  expect(objects.read(APP)).toBeUndefined()
  expect(objects.read(`${APP}?versionId=${second.versionId}`)).toEqual(Uint8Array.of(8))
})

test('the same range is the same instance, over the same memory, until the object is replaced', () => {
  const { objects, raw, object } = withImage()
  const url = pathOf(objects.presign(APP, 300))
  const get = (range: string) => raw('GET', url, { range }).body as Uint8Array
  expect(get('bytes=0-2047')).toBe(get('bytes=0-2047'))
  expect(get('bytes=2048-4095').buffer).toBe(object.bytes.buffer)
  const before = get('bytes=0-2047')
  objects.put('fw', 'app.bin', new Uint8Array(240 * 1024).fill(1), info)
  expect(get('bytes=0-2047')).not.toBe(before)
  expect(get('bytes=0-2047')[0]).toBe(1)
})

test('what was put cannot be changed from outside', () => {
  const bytes = Uint8Array.of(1, 2, 3)
  const { objects } = withImage(bytes)
  bytes[0] = 9
  expect(objects.read(APP)).toEqual(Uint8Array.of(1, 2, 3))
})

test('more ranges than are kept ready are still answered', () => {
  const { objects, raw } = withImage(new Uint8Array(10_000).map((_, index) => index % 251))
  const url = pathOf(objects.presign(APP, 300))
  for (let from = 0; from < 9000; from += 1) {
    expect((raw('GET', url, { range: `bytes=${from}-${from}` }).body as Uint8Array)[0]).toBe(from % 251)
  }
})
