import { describe, expect, test } from 'vitest'
import {
  ask,
  connected,
  documentFor,
  download,
  failed,
  IMAGE,
  OtaBench,
  ready,
  receiving,
  request,
  rsaSignature,
  subscribed,
  URL,
} from './fixture.ts'

describe('a good update, to the letter (devices.md §4.5)', () => {
  test('every topic, payload and QoS, in order', async () => {
    const bench = new OtaBench()
    bench.queue()
    await bench.run(60)
    const T = '$aws/things/otathing'
    expect(bench.cloud.lines).toEqual([
      '0 CONNECT otathing clean 60s',
      `0 SUBSCRIBE ${T}/jobs/notify-next q0`,
      `0 PUBLISH q1 ${T}/jobs/$next/get {"clientToken":":otathing"}`,
      `0 SUBSCRIBE ${T}/streams/s1/data/cbor q0`,
      `0 PUBLISH q0 ${T}/streams/s1/get/cbor {c:"rdy",f:0,l:4096,o:0,b:"07",n:1}`,
      `0 PUBLISH q0 ${T}/jobs/AFR_OTA-1/update {"status":"IN_PROGRESS","statusDetails":{"receive":"1/3"}}`,
      `0 PUBLISH q0 ${T}/streams/s1/get/cbor {c:"rdy",f:0,l:4096,o:0,b:"06",n:1}`,
      `0 PUBLISH q0 ${T}/streams/s1/get/cbor {c:"rdy",f:0,l:4096,o:0,b:"04",n:1}`,
      `3 PUBLISH q1 ${T}/jobs/AFR_OTA-1/update {"status":"IN_PROGRESS","statusDetails":{"self_test":"ready","updatedBy":"0x00090002"}}`,
      `3 UNSUBSCRIBE ${T}/streams/s1/data/cbor`,
      '4 DISCONNECT',
      '14 CONNECT otathing clean 60s',
      `14 SUBSCRIBE ${T}/jobs/notify-next q0`,
      `14 PUBLISH q1 ${T}/jobs/$next/get {"clientToken":":otathing"}`,
      `14 PUBLISH q1 ${T}/jobs/AFR_OTA-1/update {"status":"IN_PROGRESS","statusDetails":{"self_test":"active","updatedBy":"0x00090003"}}`,
      `14 PUBLISH q1 ${T}/jobs/AFR_OTA-1/update {"status":"SUCCEEDED","statusDetails":{"reason":"accepted  v.9.3","updatedBy":"  v.9.2"}}`,
    ])
    expect(bench.flash).toEqual({ running: bench.published[0], pending: undefined, busy: false, failedBoots: 0, testing: false })
  })

  test('what it tells the run on the way', async () => {
    const bench = new OtaBench()
    bench.queue()
    await bench.run(60)
    expect(bench.events.map((event) => `${event.at / 1000} ${event.type}${event.type === 'phase' ? ` ${event.phase}` : ''}`)).toEqual([
      '0 booted',
      '0 phase connect',
      '0 connected',
      '0 picked-up',
      '0 phase pickup',
      '0 phase download',
      '0 downloaded',
      '0 phase install',
      '3 flashed',
      '3 phase reboot',
      '14 booted',
      '14 phase self-test',
      '14 phase connect',
      '14 connected',
      '14 running',
      '14 reported',
      '14 settled',
    ])
    expect(bench.told('flashed', 'running', 'reported')).toEqual([
      { type: 'flashed', ...bench.published[0] },
      { type: 'running', version: '0.9.3' },
      { type: 'reported', update: 'AFR_OTA-1', status: 'SUCCEEDED', reason: 'accepted  v.9.3', accepted: true },
    ])
  })

  test('eight blocks a request, as in the demo; progress each 25 blocks', async () => {
    const bench = new OtaBench({ config: { blocksPerRequest: 8, statusFrequency: 25 }, image: new Uint8Array(30 * 4096) })
    bench.queue()
    await bench.run(1)
    expect(bench.sent().slice(3)).toEqual([
      subscribed(0),
      request(0, 'ffffff3f', 8),
      receiving(0, '1/30'),
      request(0, '00ffff3f', 8),
      request(0, '0000ff3f', 8),
      request(0, '0000003f', 8),
      receiving(0, '25/30'),
    ])
  })

  test('an RSA signature, where the platform has that one', async () => {
    const bench = new OtaBench({ config: { signature: 'sha256-rsa' } })
    bench.queue('AFR_OTA-1', documentFor(IMAGE, { 'sig-sha256-rsa': rsaSignature(), 'sig-sha256-ecdsa': undefined }))
    await bench.run(60)
    expect(bench.told('reported')).toEqual([expect.objectContaining({ status: 'SUCCEEDED' })])
  })

  test('over HTTP: ranges of 4096 bytes, one after the other, where an update or the firmware has nothing else', async () => {
    const bench = new OtaBench({ config: { protocol: 'http' } })
    bench.queue('AFR_OTA-1', documentFor(IMAGE, { update_data_url: URL, auth_scheme: 'aws.s3.presigned' }, { protocols: ['MQTT', 'HTTP'] }))
    await bench.run(12)
    expect(bench.sent()).toEqual([
      connected(0),
      ...ask(0),
      `0 GET ${URL} bytes=0-4095`,
      receiving(0, '1/3'),
      `0 GET ${URL} bytes=4096-8191`,
      `0 GET ${URL} bytes=8192-9191`,
      ready(3),
      '4 DISCONNECT',
    ])
  })
})

describe('documents', () => {
  test.each([
    ['none of afr_ota', { operation: 'reboot' }],
    ['a signature that the platform does not have', documentFor(IMAGE, { 'sig-sha256-ecdsa': undefined, 'sig-sha256-rsa': 'AA==' })],
    ['no file size', documentFor(IMAGE, { filesize: undefined })],
  ])('%s: FAILED with the parser error, and the next job is taken', async (_, document) => {
    const bench = new OtaBench()
    bench.queue('odd', document)
    bench.queue()
    await bench.run(1)
    expect(bench.sent()).toEqual([connected(0), ...ask(0), failed(0, '0x0000000c: 0x00000004', 'odd'), ...download(0)])
  })

  test('a file of 0 bytes: not a word, the job stays QUEUED', async () => {
    const bench = new OtaBench()
    bench.queue('AFR_OTA-1', documentFor(IMAGE, { filesize: 0 }))
    await bench.run(60)
    expect(bench.sent()).toEqual([connected(0), ...ask(0)])
    expect(bench.jobs[0]!.status).toBe('QUEUED')
  })

  test('no protocol that the firmware has, no room, or the user says no: aborted', async () => {
    const reasons = []
    for (const options of [{ config: { protocol: 'http' } }, { config: { slot: '8KiB' } }, { faults: [{ do: 'reject' }] }]) {
      const bench = new OtaBench(options)
      bench.queue()
      await bench.run(1)
      reasons.push(bench.sent().slice(3))
    }
    expect(reasons).toEqual([[failed(0, 'aborted: 0x0000000d')], [failed(0, 'aborted: 0xe5000000')], [failed(0, 'aborted: 0x00000013')]])
  })
})
