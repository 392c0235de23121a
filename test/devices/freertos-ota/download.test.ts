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
  unsubscribed,
  UP_TO_RESET,
  URL,
} from './fixture.ts'

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
    expect(bench.sent()).toEqual([...UP_TO_RESET, connected(14), ...ask(14), '30 DISCONNECT', connected(40), ...ask(40)])
    expect(bench.told('rolled-back')).toEqual([{ type: 'rolled-back', from: '0.9.3', to: '0.9.2' }])
    expect(bench.flash).toMatchObject({ running: { version: '0.9.2' }, pending: undefined, busy: false })
  })
})
