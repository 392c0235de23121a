import { describe, expect, test } from 'vitest'
import {
  ask,
  connected,
  documentFor,
  download,
  failed,
  IMAGE,
  OtaBench,
  receiving,
  request,
  rsaSignature,
  status,
  subscribed,
  unsubscribed,
  URL,
} from './fixture.ts'

const ready = (second: number) => status(second, 'IN_PROGRESS', '"self_test":"ready","updatedBy":"0x00090002"')
const active = (second: number) => status(second, 'IN_PROGRESS', '"self_test":"active","updatedBy":"0x00090003"')
const upToReset = [connected(0), ...ask(0), ...download(0), ready(3), unsubscribed(3), '4 DISCONNECT']

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

describe('a download that goes wrong', () => {
  test('a corrupted block is found at the end only: the signature check fails', async () => {
    const bench = new OtaBench({ faults: [{ do: 'corrupt-image' }] })
    bench.queue()
    await bench.run(60)
    expect(bench.sent()).toEqual([connected(0), ...ask(0), ...download(0), failed(3, '0x000000e3: 0x00000000'), unsubscribed(3)])
    expect(bench.told('flashed', 'reported', 'settled')).toEqual([
      { type: 'reported', update: 'AFR_OTA-1', status: 'FAILED', reason: '0x000000e3: 0x00000000', accepted: true },
      { type: 'settled' },
    ])
  })

  test('no certificate, and one with another key', async () => {
    const bench = new OtaBench({ config: { certificate: 'missing' } })
    bench.queue()
    await bench.run(5)
    expect(bench.sent().at(-2)).toBe(failed(3, '0x000000e7: 0x00000000'))
    const other = new OtaBench({ config: { signature: 'sha256-rsa' } })
    other.queue('AFR_OTA-1', documentFor(IMAGE, { 'sig-sha256-rsa': rsaSignature(IMAGE.subarray(1)) }))
    await other.run(5)
    expect(other.sent().at(-2)).toBe(failed(3, '0x000000e3: 0x00000000'))
  })

  test('a last block of the wrong length: rejected at once', async () => {
    const bench = new OtaBench()
    bench.tamper = (block) => [block.i === 2 ? { i: 2, p: block.p.subarray(1) } : block]
    bench.queue()
    await bench.run(60)
    expect(bench.sent().slice(3)).toEqual([...download(0), failed(0, '0x000000e0: 0x00000000'), unsubscribed(0)])
    expect(bench.told('download-failed')).toEqual([{ type: 'download-failed', reason: 'block of wrong length', bytes: 8192 }])
  })

  test('duplicates are ignored, blocks in any order are taken', async () => {
    const bench = new OtaBench({ config: { blocksPerRequest: 3 } })
    bench.tamper = ({ i }) => [bench.block(2 - i), bench.block(2)]
    bench.queue()
    await bench.run(1)
    // Of the first three messages one is a duplicate; the next request is for what was missing.
    expect(bench.sent().slice(3)).toEqual([subscribed(0), request(0, '07', 3), receiving(0, '1/3'), request(0, '01', 3)])
    expect(bench.told('downloaded')).toEqual([{ type: 'downloaded', bytes: IMAGE.length, ms: 0, retries: 0 }])
  })

  test('a dead stream: the same request each 10 s, and after 32 of them the agent shuts down', async () => {
    const bench = new OtaBench()
    bench.tamper = () => []
    bench.queue()
    await bench.run(1000)
    const requests = Array.from({ length: 32 }, (_, i) => request(i * 10, '07'))
    expect(bench.sent()).toEqual([
      connected(0),
      ...ask(0),
      subscribed(0),
      ...requests,
      failed(320, 'aborted: 0x00000000'),
      unsubscribed(320),
      '321 DISCONNECT',
    ])
    expect(bench.told('download-failed', 'settled')).toEqual([{ type: 'download-failed', reason: 'no answer', bytes: 0 }, { type: 'settled' }])
  })

  test('a good block takes the momentum away', async () => {
    const bench = new OtaBench({ config: { requestMomentum: 3 } })
    let asked = 0
    bench.tamper = (block) => (asked++ % 3 === 2 ? [block] : [])
    bench.queue()
    await bench.run(70)
    expect(bench.told('downloaded')).toEqual([{ type: 'downloaded', bytes: IMAGE.length, ms: 60_000, retries: 6 }])
  })

  test('an expired URL: the job document is asked for again, and the download goes on where it was', async () => {
    const bench = new OtaBench()
    const over = (url: string) => documentFor(IMAGE, { update_data_url: url }, { protocols: ['HTTP'], streamname: undefined })
    bench.cloud.gets.push('serve', (good) => {
      bench.jobs[0] = { ...bench.jobs[0]!, document: over(`${URL}?again`) }
      return { ...good, status: 403 }
    })
    bench.cloud.files.set(`${URL}?again`, IMAGE)
    bench.queue('AFR_OTA-1', over(URL))
    await bench.run(1)
    expect(bench.sent().slice(3)).toEqual([
      `0 GET ${URL} bytes=0-4095`,
      receiving(0, '1/3'),
      `0 GET ${URL} bytes=4096-8191`,
      ...ask(0, 1),
      `0 GET ${URL}?again bytes=4096-8191`,
      `0 GET ${URL}?again bytes=8192-9191`,
    ])
  })

  test('a lost connection leaves the bitmap as it is', async () => {
    const bench = new OtaBench()
    bench.onPublish = (_, payload) => {
      if (!payload.includes('b:"06"')) return
      bench.onPublish = () => {}
      bench.cloud.drop()
    }
    bench.queue()
    await bench.run(8)
    expect(bench.sent().slice(3)).toEqual([
      subscribed(0),
      request(0, '07'),
      receiving(0, '1/3'),
      request(0, '06'),
      connected(0),
      ...ask(0, 1),
      subscribed(0),
      request(0, '06'),
      request(0, '04'),
      ready(3),
      unsubscribed(3),
      '4 DISCONNECT',
    ])
  })
})

describe('another job while one runs', () => {
  test('a cancel: local abort, no status, and the next job', async () => {
    const bench = new OtaBench()
    bench.onPublish = (_, payload) => {
      if (payload.includes('b:"06"')) bench.cancel('one')
    }
    bench.queue('one')
    bench.queue('two', { operation: 'other' })
    await bench.run(60)
    expect(bench.sent().slice(3)).toEqual([
      subscribed(0),
      request(0, '07'),
      receiving(0, '1/3').replace('AFR_OTA-1', 'one'),
      request(0, '06'),
      unsubscribed(0),
      ...ask(0, 1),
      failed(0, '0x0000000c: 0x00000004', 'two'),
    ])
    expect(bench.told('reported')).toEqual([expect.objectContaining({ update: 'two' })])
  })

  test('an update of an execution that was canceled with force is rejected, and the agent does not notice', async () => {
    const bench = new OtaBench()
    bench.at(2, () => bench.jobs.pop())
    bench.queue()
    await bench.run(60)
    // The new image finds no job in self-test, waits for 16 s and resets.
    expect(bench.sent()).toEqual([...upToReset, connected(14), ...ask(14), '30 DISCONNECT', connected(40), ...ask(40)])
    expect(bench.told('rolled-back')).toEqual([{ type: 'rolled-back', from: '0.9.3', to: '0.9.2' }])
    expect(bench.flash).toMatchObject({ running: { version: '0.9.2' }, pending: undefined, busy: false })
  })
})

describe('self-test', () => {
  const rejected = (second: number, code: string) => failed(second, `rejected: 0x000000${code}`)

  test.each([
    ['the same version', '0.9.2', '10'],
    ['an older version', '0.9.1', '0f'],
  ])('%s: rejected with its code, and the reset brings the old image back', async (_, version, code) => {
    const bench = new OtaBench({ version })
    bench.queue()
    await bench.run(60)
    expect(bench.sent()).toEqual([...upToReset, connected(14), ...ask(14), rejected(14, code), '14 DISCONNECT', connected(24), ...ask(24)])
    expect(bench.told('rolled-back', 'reported')).toEqual([
      { type: 'reported', update: 'AFR_OTA-1', status: 'FAILED', reason: `rejected: 0x000000${code}`, accepted: true },
      { type: 'rolled-back', from: version, to: '0.9.2' },
    ])
  })

  test('the application says no', async () => {
    const bench = new OtaBench({ faults: [{ do: 'fail-self-test' }] })
    bench.queue()
    await bench.run(60)
    expect(bench.sent().slice(upToReset.length)).toEqual([
      connected(14),
      ...ask(14),
      active(14),
      rejected(14, '00'),
      '14 DISCONNECT',
      connected(24),
      ...ask(24),
    ])
    expect(bench.flash).toMatchObject({ running: { version: '0.9.2' }, pending: undefined, testing: false })
  })

  test('no answer: the 16 s timer resets the device, and the job stays IN_PROGRESS until the old image finds it', async () => {
    const bench = new OtaBench()
    bench.queue()
    bench.at(12, () => (bench.isSilent = true))
    bench.at(35, () => (bench.isSilent = false))
    await bench.run(70)
    expect(bench.sent().slice(upToReset.length)).toEqual([
      connected(14),
      ...ask(14),
      '30 DISCONNECT',
      connected(40),
      ...ask(40),
      // The old image finds itself in a self-test that is not its own.
      rejected(40, '10'),
      '40 DISCONNECT',
      connected(50),
      ...ask(50),
    ])
    expect(bench.told('rolled-back')).toHaveLength(1)
  })

  test('no connection: the timer resets a device that can not be reached, too', async () => {
    const bench = new OtaBench()
    bench.queue()
    bench.onPublish = (topic, payload) => {
      if (topic.endsWith('$next/get') && bench.flash.testing && payload)
        bench.cloud.connects.push(...Array.from({ length: 200 }, () => 'refuse' as const))
      if (topic.endsWith('$next/get') && bench.flash.testing) bench.cloud.drop()
    }
    await bench.run(45)
    expect(bench.told('rolled-back')).toEqual([{ type: 'rolled-back', from: '0.9.3', to: '0.9.2' }])
    expect(bench.events.find(({ type }) => type === 'rolled-back')!.at).toBe(40_000)
    expect(bench.told('reported')).toEqual([])
    expect(bench.jobs[0]!.status).toBe('IN_PROGRESS')
  })

  test('the job is in self-test and the platform is not: ImageStateMismatch', async () => {
    const bench = new OtaBench()
    bench.queue('AFR_OTA-1', documentFor(), { self_test: 'ready', updatedBy: '0x00090001' })
    await bench.run(5)
    expect(bench.sent()).toEqual([
      connected(0),
      ...ask(0),
      status(0, 'IN_PROGRESS', '"self_test":"active","updatedBy":"0x00090002"'),
      rejected(0, '11'),
      '0 DISCONNECT',
    ])
  })

  test('the platform is in self-test and the job is not: reset, and the old image does the update again', async () => {
    const bench = new OtaBench()
    // The word `ready` never arrives.
    bench.onPublish = (_, payload) => {
      if (!payload.includes('ready') || bench.told('rolled-back').length > 0) return
      bench.isSilent = true
      bench.cloud.drop()
    }
    bench.at(5, () => (bench.isSilent = false))
    bench.queue()
    await bench.run(60)
    expect(bench.told('rolled-back', 'reported')).toEqual([
      { type: 'rolled-back', from: '0.9.3', to: '0.9.2' },
      expect.objectContaining({ type: 'reported', status: 'SUCCEEDED' }),
    ])
  })

  test('power is lost in the self-test: PendingCommit does not survive it', async () => {
    const bench = new OtaBench({ faults: [{ do: 'power-loss', during: 'self-test', off: '30s' }] })
    bench.queue()
    await bench.run(120)
    expect(bench.told('rolled-back')).toEqual([{ type: 'rolled-back', from: '0.9.3', to: '0.9.2' }])
    expect(bench.told('reported')).toEqual([expect.objectContaining({ status: 'FAILED', reason: 'rejected: 0x00000010' })])
  })

  test('an image that never comes up is the end', async () => {
    const bench = new OtaBench({ faults: [{ do: 'reboot-loop' }] })
    bench.queue()
    await bench.run(120)
    expect(bench.told('bricked')).toEqual([{ type: 'bricked', reason: 'reboot loop' }])
  })
})
