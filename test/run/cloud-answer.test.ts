import { expect, test } from 'vitest'
import { VirtualClock } from '../../src/clock/virtual.ts'
import { Cloud } from '../../src/cloud/cloud.ts'
import { cloudAnswer } from '../../src/run/cloud-answer.ts'

const startMs = Date.UTC(2026, 0, 1)
const image = Buffer.alloc(1000, 'image')

function world(): { clock: VirtualClock; url: string; ask: ReturnType<typeof cloudAnswer> } {
  const clock = new VirtualClock(startMs)
  const url = 'http://127.0.0.1:4610'
  const cloud = new Cloud({ clock, credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, url, mqttEndpoint: '127.0.0.1:1883' })
  cloud.objects.createBucket('fw', 'us-east-1')
  cloud.objects.put('fw', 'app', image, { contentType: 'text/plain', headers: {}, checksums: {} })
  return { clock, url: cloud.objects.presign('s3://fw/app', 60), ask: cloudAnswer(cloud) }
}

test('a range, as often as it is asked for: the same body, an id of its own', () => {
  const { url, ask } = world()
  const [first, second] = [1, 2].map(() => ask({ url, headers: { range: 'bytes=0-99' } })!)
  expect(first).toMatchObject({ status: 206, headers: { 'content-range': 'bytes 0-99/1000', 'content-length': '100' } })
  expect(Buffer.from(first!.body)).toEqual(image.subarray(0, 100))
  expect(second!.body).toBe(first!.body)
  expect(second!.headers['x-amz-request-id']).not.toBe(first!.headers['x-amz-request-id'])
})

test('a URL that is known expires like any other', async () => {
  const { clock, url, ask } = world()
  expect(ask({ url, headers: {} })?.status).toBe(200)
  let isOver = false
  clock.wake(startMs + 60_001, { wake: () => void (isOver = true) }, 0)
  await clock.run(() => isOver)
  const late = ask({ url, headers: {} })!
  expect([late.status, Buffer.from(late.body).toString()]).toEqual([403, expect.stringContaining('Request has expired')])
})

test('a body of text goes to the door as bytes', () => {
  const { ask } = world()
  const answer = ask({ method: 'POST', url: 'http://127.0.0.1:4610/v1/devices', headers: {}, body: '{}' })!
  expect([answer.status, answer.body instanceof Uint8Array]).toEqual([401, true])
})
