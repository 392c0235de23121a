import { describe, expect, test } from 'vitest'
import type { HttpResponse } from '../../../src/ports/http.ts'
import { imageBytes } from '../bench.ts'
import type { GetAnswer } from '../fake-cloud.ts'
import { ask, booted, download, documentFor, GETS, TrackerBench, update, URL } from './fixture.ts'

const [first, second, third] = GETS
const headers = (fields: Record<string, string>) => (good: HttpResponse) => ({ ...good, headers: fields })

/** One job from the start, its GETs answered as told, for `seconds`. Returns what came after the job was taken. */
async function transcript(bench: TrackerBench, gets: readonly GetAnswer[], seconds = 200): Promise<string[]> {
  bench.cloud.gets.push(...gets)
  bench.queue()
  await bench.run(seconds)
  const sent = bench.sent()
  expect(sent.slice(0, 5)).toEqual([...booted(0, '1.0.0'), ask(0), update(0, 'IN_PROGRESS', 1)])
  return sent.slice(5)
}

describe('a download that fails (devices.md §1.4): FAILED at once, then the next job', () => {
  test.each<[string, GetAnswer, string]>([
    ['200 to a ranged request', (good) => ({ ...good, status: 200 }), 'http 200'],
    ['403, as from an expired presigned URL', (good) => ({ ...good, status: 403 }), 'http 403'],
    ['404', (good) => ({ ...good, status: 404 }), 'http 404'],
    ['503', (good) => ({ ...good, status: 503 }), 'http 503'],
    ['206 without Content-Range', headers({}), 'no content-range'],
    ['a Content-Range without a total', headers({ 'content-range': 'bytes 0-2047/*' }), 'no content-range'],
    ['a Content-Range that is nonsense', headers({ 'content-range': 'all of it' }), 'no content-range'],
    ['206 without a body', (good) => ({ ...good, body: new Uint8Array(0) }), 'empty fragment'],
    ['no MCUboot magic', (good) => ({ ...good, body: imageBytes(2048, [0xe9]) }), 'no mcuboot header'],
  ])('%s', async (_, answer, reason) => {
    const bench = new TrackerBench()
    expect(await transcript(bench, [answer])).toEqual([`0 ${first}`, update(0, 'FAILED', 2), ask(0)])
    expect(bench.told('download-failed', 'reported', 'settled')).toEqual([
      { type: 'download-failed', reason, bytes: bench.told('download-failed')[0]!['bytes'] },
      { type: 'reported', update: 'job', status: 'FAILED', accepted: true, reason },
      { type: 'settled' },
    ])
    expect(bench.flash.pending).toBeUndefined()
  })

  test('a wrong status in the middle: the bytes so far are told', async () => {
    const bench = new TrackerBench()
    expect(await transcript(bench, ['serve', (good) => ({ ...good, status: 500 })])).toEqual([
      `0 ${first}`,
      `0 ${second}`,
      update(0, 'FAILED', 2),
      ask(0),
    ])
    expect(bench.told('download-failed')).toEqual([{ type: 'download-failed', reason: 'http 500', bytes: 2048 }])
  })

  test('the job after a failed one is taken without a restart', async () => {
    const bench = new TrackerBench()
    bench.queue('bad', documentFor({ location: { url: 'http://cloud/gone.bin' } }))
    bench.queue('good')
    await bench.run(6)
    expect(bench.sent().slice(4)).toEqual([
      update(0, 'IN_PROGRESS', 1, 'bad'),
      '0 GET http://cloud/gone.bin bytes=0-2047',
      update(0, 'FAILED', 2, 'bad'),
      ask(0),
      update(0, 'IN_PROGRESS', 1, 'good'),
      ...download(0),
      update(5, 'SUCCEEDED', 2, 'good'),
      '5 DISCONNECT',
    ])
  })
})

describe('the size of an image', () => {
  test.each([
    ['as large as the slot', '5000B', 'SUCCEEDED'],
    ['a byte larger', '4999B', 'FAILED'],
  ])('%s', async (_, slot, status) => {
    const bench = new TrackerBench({ config: { slot } })
    bench.queue()
    await bench.run(20)
    expect(bench.told('reported')).toMatchObject([{ status, ...(status === 'FAILED' ? { reason: 'image too large' } : {}) }])
    // It is refused by what the first fragment says of the whole.
    if (status === 'FAILED') expect(bench.sent().slice(5)).toEqual([`0 ${first}`, update(0, 'FAILED', 2), ask(0)])
  })

  test('too small to have a header', async () => {
    const bench = new TrackerBench()
    bench.cloud.files.set(URL, Uint8Array.of(0x3d, 0xb8, 0xf3))
    expect(await transcript(bench, [])).toEqual([`0 ${first}`, update(0, 'FAILED', 2), ask(0)])
    expect(bench.told('download-failed')).toEqual([{ type: 'download-failed', reason: 'no mcuboot header', bytes: 3 }])
  })

  test.each([
    ['the header comes in two fragments', '3B'],
    ['a byte at a time', '1B'],
  ])('%s', async (_, fragment) => {
    const bench = new TrackerBench({ config: { fragment } })
    bench.publish('1.0.1', imageBytes(6, [0x3d, 0xb8, 0xf3, 0x96]), URL)
    bench.queue('job', documentFor({ crc32: undefined }))
    await bench.run(20)
    expect(bench.told('reported')).toMatchObject([{ status: 'SUCCEEDED' }])
    expect(bench.told('flashed')).toEqual([{ type: 'flashed', ...bench.published[1] }])
  })

  test('a fragment may hold the whole image', async () => {
    const bench = new TrackerBench({ config: { fragment: '64KiB' } })
    expect(await transcript(bench, [], 6)).toEqual([`0 GET ${URL} bytes=0-65535`, update(5, 'SUCCEEDED', 2), '5 DISCONNECT'])
  })
})

describe('retries', () => {
  test('two lost sockets are forgiven, wherever they come', async () => {
    const bench = new TrackerBench()
    expect(await transcript(bench, ['reset', 'serve', 'reset'], 6)).toEqual([
      `0 ${first}: reset`,
      `0 ${first}`,
      `0 ${second}: reset`,
      `0 ${second}`,
      `0 ${third}`,
      update(5, 'SUCCEEDED', 2),
      '5 DISCONNECT',
    ])
    expect(bench.told('downloaded')).toEqual([{ type: 'downloaded', bytes: 5000, ms: 0, retries: 2 }])
  })

  test('the third fails the job', async () => {
    const bench = new TrackerBench()
    expect(await transcript(bench, ['reset', 'serve', 'reset', 'reset'])).toEqual([
      `0 ${first}: reset`,
      `0 ${first}`,
      `0 ${second}: reset`,
      `0 ${second}: reset`,
      update(0, 'FAILED', 2),
      ask(0),
    ])
    expect(bench.told('download-failed')).toEqual([{ type: 'download-failed', reason: 'reset', bytes: 2048 }])
  })

  test('the budget is of one download: the next job has its own', async () => {
    const bench = new TrackerBench()
    bench.cloud.gets.push('reset', 'reset', 'reset', 'reset', 'reset')
    bench.queue('one')
    bench.queue('two')
    await bench.run(20)
    expect(bench.told('reported').map(({ update: job, status }) => `${String(job)} ${String(status)}`)).toEqual(['one FAILED', 'two SUCCEEDED'])
  })

  test('a timeout is not retried', async () => {
    const bench = new TrackerBench()
    expect(await transcript(bench, ['serve', 'silence'])).toEqual([
      `0 ${first}`,
      `0 ${second}: silence`,
      '30 GET given up',
      update(30, 'FAILED', 2),
      ask(30),
    ])
    expect(bench.told('download-failed')).toEqual([{ type: 'download-failed', reason: 'timeout', bytes: 2048 }])
  })

  test.each([
    ['socketRetries: 0', { socketRetries: 0 }, ['reset'] as const, [`0 ${first}: reset`, update(0, 'FAILED', 2), ask(0)]],
    ['receiveTimeout: 4s', { receiveTimeout: '4s' }, ['silence'] as const, [`0 ${first}: silence`, '4 GET given up', update(4, 'FAILED', 2), ask(4)]],
  ])('as configured: %s', async (_, config, gets, expected) => {
    expect(await transcript(new TrackerBench({ config }), gets)).toEqual(expected)
  })
})

describe('integrity', () => {
  const damaged: GetAnswer = (good) => ({ ...good, body: good.body.map((byte, i) => (i === 100 ? byte ^ 1 : byte)) })

  test('crc32: a damaged image FAILED before it is set to boot', async () => {
    const bench = new TrackerBench()
    expect(await transcript(bench, ['serve', damaged])).toEqual([...download(0), update(5, 'FAILED', 2), ask(5)])
    expect(bench.told('reported', 'flashed')).toEqual([
      { type: 'reported', update: 'job', status: 'FAILED', accepted: true, reason: 'crc32 mismatch' },
    ])
    expect(bench.flash.pending).toBeUndefined()
  })

  test.each([
    ['none: nothing is checked', { integrity: 'none' }, {}],
    ['crc32, but the document has none: nothing to check against', {}, { crc32: undefined }],
  ])('%s; SUCCEEDED, rolled back at boot, and only the shadow tells', async (_, config, fields) => {
    const bench = new TrackerBench({ config })
    bench.cloud.gets.push('serve', damaged)
    bench.queue('job', documentFor(fields))
    await bench.run(60)
    expect(bench.sent().slice(5)).toEqual([...download(0), update(5, 'SUCCEEDED', 2), '5 DISCONNECT', ...booted(25, '1.0.0'), ask(25)])
    const flashed = bench.told('flashed')[0]!
    expect(flashed).toMatchObject({ version: '1.0.1', bytes: 5000 })
    expect(flashed['crc32']).not.toBe(bench.published[0]!.crc32)
    expect(bench.told('reported', 'rolled-back', 'settled')).toEqual([
      { type: 'reported', update: 'job', status: 'SUCCEEDED', accepted: true },
      { type: 'rolled-back', from: '1.0.1', to: '1.0.0' },
      { type: 'settled' },
    ])
    expect(bench.told('running').at(-1)).toEqual({ type: 'running', version: '1.0.0' })
  })

  test.each([
    ['upper-case digits', (crc: string) => crc.toUpperCase()],
    ['with 0x', (crc: string) => `0x${crc}`],
  ])('the document is compared as it is written: %s differ', async (_, write) => {
    const bench = new TrackerBench()
    bench.queue('job', documentFor({ crc32: write(documentCrc32()) }))
    await bench.run(20)
    expect(bench.told('reported')).toMatchObject([{ status: 'FAILED', reason: 'crc32 mismatch' }])
  })
})

function documentCrc32(): string {
  return (documentFor() as { crc32: string }).crc32
}
