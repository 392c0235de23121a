import { fc } from '@fast-check/vitest'
import { connect as connectMqtt } from 'mqtt'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CloudProgram } from './cloud-program.ts'

/** Bytes that are no protocol at all, or almost one, at both doors of a real process: it stays up, and goes on serving. */

const CASES_MQTT = 1500
const CASES_HTTP = 1000
/** The other side may keep an unfinished request open; we don't wait for it. */
const PATIENCE_MS = 150

let cloud: CloudProgram

beforeAll(async () => {
  cloud = await CloudProgram.start()
})

afterAll(() => cloud?.program.stop())

const CONNECT = Buffer.from('\x10\x10\0\x04MQTT\x04\x02\0\x3c\0\x04fuzz', 'latin1')
const PUBLISH = Buffer.from('\x32\x1c\0\x16$aws/things/t/jobs/get\0\x01{}', 'latin1')
const SUBSCRIBE = Buffer.from('\x82\x08\0\x02\0\x03a/#\x01', 'latin1')
const HTTP = Buffer.from('PUT /things/x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nAuthorization: AWS4-HMAC-SHA256 Credential=a/b/c/d/e\r\n\r\n{}')

test(`${CASES_MQTT} odd connections to the MQTT door`, async () => {
  const packets = fc.array(fc.constantFrom(CONNECT, PUBLISH, SUBSCRIBE), { minLength: 1, maxLength: 4 }).map((parts) => Buffer.concat(parts))
  await throwAt(cloud.mqttPort, spoiled(packets), CASES_MQTT)
  const client = connectMqtt({ host: cloud.mqttHost, port: cloud.mqttPort, protocolVersion: 4, reconnectPeriod: 0 })
  await new Promise((resolve, reject) => client.once('connect', resolve).once('error', reject))
  await client.endAsync()
})

test(`${CASES_HTTP} odd connections to the HTTP door`, async () => {
  await throwAt(Number(new URL(cloud.httpUrl).port), spoiled(fc.constant(HTTP)), CASES_HTTP)
  const answer = await fetch(`${cloud.httpUrl}/things`)
  expect(answer.status).toBe(403)
  expect(answer.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException')
})

/** Bytes as they should be, cut, with some changed, and any at all. */
function spoiled(whole: fc.Arbitrary<Buffer>): fc.Arbitrary<Uint8Array> {
  const changed = fc
    .tuple(whole, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }))
    .map(([bytes, changes]) => changes.reduce((all, [at, byte]) => all.fill(byte, at % all.length, (at % all.length) + 1), Buffer.from(bytes)))
  const cut = fc.tuple(whole, fc.nat()).map(([bytes, at]) => bytes.subarray(0, at % (bytes.length + 1)))
  return fc.oneof(changed, cut, fc.uint8Array({ maxLength: 200 }))
}

/** Some at a time; each connection ends before long, whoever ends it. */
async function throwAt(port: number, payloads: fc.Arbitrary<Uint8Array>, cases: number): Promise<void> {
  const all = fc.sample(payloads, { numRuns: cases, seed: 42 })
  const workers = Array.from({ length: 50 }, async () => {
    for (let bytes = all.pop(); bytes; bytes = all.pop()) await throwOne(port, bytes)
  })
  await Promise.all(workers)
}

function throwOne(port: number, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.write(bytes)
      setTimeout(() => socket.destroy(), PATIENCE_MS)
    })
    socket.on('data', () => {})
    socket.once('close', () => resolve())
    // Refused means that nobody listens any more; a reset is a fair answer.
    socket.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNREFUSED' ? reject(error) : resolve()))
  })
}
