import { fc } from '@fast-check/vitest'
import { decode, encode } from 'cborg'
import { describe, expect, test } from 'vitest'
import { VirtualClock } from '../../src/clock/virtual.ts'
import { Cloud } from '../../src/cloud/cloud.ts'
import { reservedRequest } from '../../src/cloud/mqtt/reserved.ts'
import type { DirectReply } from '../../src/cloud/mqtt/reserved.ts'
import { CREDENTIALS, NOW_MS, odd, oddObject, signed, THING } from './requests.ts'

/** What a device may publish to the services: never a crash, never a hang, and every answer can be read. */

const CASES_JSON = 12_000
const CASES_TOPIC = 6000
const CASES_CBOR = 8000
const SLOWEST_MS = 3000
/** For all cases of a test, on a machine that has other things to do. */
const PATIENCE_MS = 180_000
const STREAM = 'stream-1'
const FILE_BYTES = 10_000

const TOPICS = [
  'jobs/get',
  'jobs/start-next',
  'jobs/job-1/get',
  'jobs/job-1/update',
  'jobs/$next/get',
  'jobs/get/update',
  'shadow/get',
  'shadow/update',
  'shadow/delete',
  'shadow/name/a/get',
  'shadow/name/a/update',
  'shadow/name/a/delete',
  `streams/${STREAM}/get/json`,
  `streams/${STREAM}/describe/json`,
].map((topic) => `$aws/things/${THING}/${topic}`)

const CBOR_TOPICS = ['get', 'describe'].map((verb) => `$aws/things/${THING}/streams/${STREAM}/${verb}/cbor`)

describe('odd messages', { timeout: PATIENCE_MS }, () => {
  test(`${CASES_JSON} JSON texts and texts that are none`, async () => {
    const cloud = await populated()
    const payload = fc.oneof(
      { weight: 5, arbitrary: oddObject.map((members) => JSON.stringify(members)) },
      { weight: 1, arbitrary: odd },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
    )
    fc.assert(
      fc.property(fc.constantFrom(...TOPICS), payload, (topic, bytes) => checkReplies(send(cloud, topic, bytes))),
      { numRuns: CASES_JSON },
    )
  })

  test(`${CASES_TOPIC} topics`, async () => {
    const cloud = await populated()
    const segment = fc.oneof(
      fc.constantFrom(
        '$aws',
        'things',
        THING,
        'jobs',
        'shadow',
        'streams',
        'get',
        'update',
        'accepted',
        'name',
        'json',
        'cbor',
        'rules',
        'events',
        '',
      ),
      odd,
    )
    const topic = fc.array(segment, { maxLength: 9 }).map((segments) => `$aws/${segments.join('/')}`)
    fc.assert(
      fc.property(topic, odd, (name, payload) => checkReplies(send(cloud, name, payload))),
      { numRuns: CASES_TOPIC },
    )
  })

  test(`${CASES_CBOR} CBOR items, whole, cut and with bytes changed`, async () => {
    const cloud = await populated()
    const number = fc.oneof(fc.integer({ min: -1, max: 140_000 }), fc.constantFrom(0, 1, 255, 256, 4096, 131_072), fc.double())
    const request = fc.record(
      { c: odd, s: number, f: number, l: number, o: number, n: number, b: fc.uint8Array({ maxLength: 40 }) },
      { requiredKeys: [] },
    )
    const whole = fc.oneof(
      { weight: 3, arbitrary: request.map((members) => encode(members)) },
      { weight: 1, arbitrary: oddObject.map((members) => encode(members)) },
    )
    const changed = fc
      .tuple(whole, fc.nat(), fc.nat(255))
      .map(([bytes, at, byte]) => bytes.map((old, index) => (index === at % bytes.length ? byte : old)))
    const cut = fc.tuple(whole, fc.nat()).map(([bytes, at]) => bytes.subarray(0, at % (bytes.length + 1)))
    fc.assert(
      fc.property(fc.constantFrom(...CBOR_TOPICS), fc.oneof(whole, changed, cut, fc.uint8Array({ maxLength: 60 })), (topic, bytes) =>
        checkReplies(send(cloud, topic, bytes)),
      ),
      { numRuns: CASES_CBOR },
    )
  })
})

async function populated(): Promise<Cloud> {
  const clock = new VirtualClock(NOW_MS)
  const cloud = new Cloud({ clock, wallNow: () => NOW_MS, credentials: CREDENTIALS, url: 'http://127.0.0.1:4610', mqttEndpoint: '127.0.0.1:1883' })
  const put = (method: string, url: string, service: string, body: object | Uint8Array = {}) => {
    const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body))
    expect(cloud.http.handle(signed({ method, url, headers: {}, body: bytes }, service)).status, url).toBe(200)
  }
  put('POST', `/things/${THING}`, 'iot')
  put('PUT', '/jobs/job-1', 'iot', { targets: [`arn:aws:iot:eu-west-1:123456789012:thing/${THING}`], document: '{"a":1}' })
  put('PUT', '/bucket-1/', 's3', new Uint8Array())
  put('PUT', '/bucket-1/object-1', 's3', new Uint8Array(FILE_BYTES))
  const files = [{ fileId: 0, s3Location: { bucket: 'bucket-1', key: 'object-1' } }]
  put('POST', `/streams/${STREAM}`, 'iot', { files, roleArn: 'arn:aws:iam::123456789012:role/streams' })
  return cloud
}

function send(cloud: Cloud, topic: string, payload: string | Uint8Array): readonly DirectReply[] {
  const startedMs = performance.now()
  const answer = reservedRequest(cloud, topic, payload)
  expect(performance.now() - startedMs).toBeLessThan(SLOWEST_MS)
  return answer === 'refused' ? [] : answer
}

function checkReplies(replies: readonly DirectReply[]): void {
  for (const { topic, payload } of replies) {
    const answer = topic.endsWith('/cbor')
      ? decode(bytesOf(payload))
      : JSON.parse(typeof payload === 'string' ? payload : Buffer.from(payload).toString())
    expect(typeof answer).toBe('object')
    if (topic.endsWith('/rejected')) expect(answer.code).toMatch(/^\w+$|^\d+$/)
    if (/\/rejected\/(?:json|cbor)$/.test(topic)) expect(answer.o).toMatch(/^[A-Z]\w+$/)
  }
}

function bytesOf(payload: string | Uint8Array): Uint8Array {
  return typeof payload === 'string' ? new TextEncoder().encode(payload) : payload
}
