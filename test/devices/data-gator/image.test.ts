import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { crc32 } from 'node:zlib'
import type { HttpResponse } from '../../../src/ports/http.ts'
import { imageBytes } from '../bench.ts'
import type { GetAnswer } from '../fake-cloud.ts'
import { error, FILE, GatorBench, get, IMAGE, look, status, telemetry, versions } from './fixture.ts'

const damage = (good: HttpResponse): HttpResponse => ({ ...good, body: good.body.map((byte, i) => (i === 500 ? byte ^ 4 : byte)) })
const withHeaders = (headers: Record<string, string>) => (good: HttpResponse) => ({ ...good, headers })
const hex = (bytes: Uint8Array): string => crc32(bytes).toString(16).padStart(8, '0')

describe('what it refuses (devices.md §2.4)', () => {
  test.each<[string, GetAnswer, string]>([
    ['403', (good) => ({ ...good, status: 403 }), 'http 403'],
    ['no Content-Length', withHeaders({}), 'no content-length'],
    ['a Content-Length of 0', withHeaders({ 'content-length': '0' }), 'no content-length'],
    ['a Content-Length that is no number', withHeaders({ 'content-length': 'many' }), 'no content-length'],
    ['a body that ends early', (good) => ({ ...good, body: good.body.subarray(0, 4000) }), 'stalled'],
    ['no 0xE9 at the front', (good) => ({ ...good, body: imageBytes(9000, [0x3d, 0xb8, 0xf3, 0x96]) }), 'no esp32 image'],
    ['another sum than x-MD5 says', (good) => ({ ...good, headers: { ...good.headers, 'x-md5': '0'.repeat(32) } }), 'md5 mismatch'],
    ['bytes that the chip finds damaged when it makes the slot active', damage, 'image checksum'],
  ])('%s: an error on the other topic, nothing written', async (_, answer, reason) => {
    const bench = new GatorBench({ config: { attempts: 1 } })
    bench.offer(FILE)
    bench.cloud.gets.push('serve', answer)
    await bench.run(61)
    expect(bench.sent()).toEqual([telemetry(0, '1.0.0'), look(60), versions(60, '1.0.1', '1.0.0'), status(60, 'started'), get(60, FILE), error(60)])
    expect(bench.told('reported')).toEqual([{ type: 'reported', update: FILE, status: 'FAILED', accepted: true, reason }])
    expect(bench.flash.pending).toBeUndefined()
  })

  test.each([
    ['as large as the slot', 9000, 'SUCCEEDED'],
    ['a byte larger', 8999, 'FAILED'],
  ])('an image %s', async (_, slot, expected) => {
    const bench = new GatorBench({ config: { slot: `${slot}B` } })
    bench.offer(FILE)
    await bench.run(61)
    expect(bench.told('reported')).toMatchObject([{ status: expected, ...(expected === 'FAILED' ? { reason: 'image too large' } : {}) }])
  })
})

test('304: no update, no error, and no other attempt', async () => {
  const bench = new GatorBench()
  bench.offer(FILE)
  bench.cloud.gets.push('serve', (good) => ({ ...good, status: 304 }))
  await bench.run(61)
  expect(bench.sent()).toEqual([telemetry(0, '1.0.0'), look(60), versions(60, '1.0.1', '1.0.0'), status(60, 'started'), get(60, FILE)])
})

test('x-MD5, if the server sends it, must be that of the body', async () => {
  const bench = new GatorBench()
  bench.offer(FILE)
  const md5 = createHash('md5').update(IMAGE).digest('hex')
  bench.cloud.gets.push('serve', (good) => ({ ...good, headers: { ...good.headers, 'x-md5': md5 } }))
  await bench.run(61)
  expect(bench.told('reported')).toMatchObject([{ status: 'SUCCEEDED' }])
})

describe('integrity', () => {
  test('none: no second request', async () => {
    const bench = new GatorBench()
    bench.offer(FILE)
    await bench.run(66)
    expect(bench.cloud.requests.map(({ url }) => url)).toEqual(['http://gw.lan/current_version.txt', 'http://gw.lan/app-v1.0.1.bin'])
  })

  test.each([
    ['crc32: the sum lies beside the file', hex(IMAGE), 'SUCCEEDED', undefined],
    ['crc32: another sum', hex(Buffer.from('other')), 'FAILED', 'crc32 mismatch'],
    ['crc32: a newline at its end', `${hex(IMAGE)}\n`, 'FAILED', 'crc32 mismatch'],
    ['crc32: no sum to be had', undefined, 'FAILED', 'crc32 mismatch'],
  ])('%s', async (_, sum, expected, reason) => {
    const bench = new GatorBench({ config: { integrity: 'crc32', attempts: 1 } })
    bench.offer(FILE)
    if (sum !== undefined) bench.serve(`${FILE}.crc32`, Buffer.from(sum))
    await bench.run(61)
    expect(bench.sent().slice(3, 6)).toEqual([status(60, 'started'), get(60, FILE), get(60, `${FILE}.crc32`)])
    expect(bench.told('reported')).toEqual([
      { type: 'reported', update: FILE, status: expected, accepted: true, ...(reason === undefined ? {} : { reason }) },
    ])
  })

  test('crc32: the request for the sum fails', async () => {
    const bench = new GatorBench({ config: { integrity: 'crc32', attempts: 1 } })
    bench.offer(FILE)
    bench.cloud.gets.push('serve', 'serve', 'reset')
    await bench.run(61)
    expect(bench.told('reported')).toMatchObject([{ status: 'FAILED', reason: 'reset' }])
  })
})

describe('faults and power', () => {
  test('reject: no word to the gateway, and again at each look', async () => {
    const bench = new GatorBench({ faults: [{ do: 'reject' }] })
    bench.offer(FILE)
    await bench.run(121)
    expect(bench.sent()).toEqual([telemetry(0, '1.0.0'), look(60), versions(60, '1.0.1', '1.0.0'), look(120), versions(120, '1.0.1', '1.0.0')])
    expect(bench.told('reported')).toEqual(
      Array(2).fill({ type: 'reported', update: FILE, status: 'REJECTED', accepted: true, reason: 'battery low' }),
    )
  })

  test('power loss in mid-download: not settled, for the next look takes it up again', async () => {
    const bench = new GatorBench()
    bench.offer(FILE)
    bench.cloud.gets.push('serve', 'silence')
    bench.cutPower(bench.board, 70, 10)
    await bench.run(146)
    expect(bench.sent().slice(3)).toEqual([
      status(60, 'started'),
      `${get(60, FILE)}: silence`,
      '70 GET given up',
      telemetry(80, '1.0.0'),
      look(140),
      versions(140, '1.0.1', '1.0.0'),
      status(140, 'started'),
      get(140, FILE),
      status(140, 'finished'),
      telemetry(145, '1.0.1'),
    ])
    expect(bench.times('settled')).toEqual([145])
  })

  test('fail-install: three errors', async () => {
    const bench = new GatorBench({ faults: [{ do: 'fail-install' }] })
    bench.offer(FILE)
    await bench.run(61)
    expect(bench.sent().filter((line) => line === error(60))).toHaveLength(3)
    expect(bench.told('reported', 'flashed')).toEqual([
      { type: 'reported', update: FILE, status: 'FAILED', accepted: true, reason: 'flash write failed' },
    ])
  })

  test('fail-self-test: there is none, so the image stays', async () => {
    const bench = new GatorBench({ faults: [{ do: 'fail-self-test' }] })
    bench.offer(FILE)
    await bench.run(66)
    expect(bench.sent().at(-1)).toBe(telemetry(65, '1.0.1'))
    expect(bench.told('rolled-back')).toEqual([])
  })

  test('reboot-loop: three boots, bricked, no way back', async () => {
    const bench = new GatorBench({ faults: [{ do: 'reboot-loop' }] })
    bench.offer(FILE)
    await bench.run(1000)
    expect(bench.sent().at(-1)).toBe(status(60, 'finished'))
    expect(bench.times('booted')).toEqual([0, 65, 70, 75])
    expect(bench.told('bricked', 'settled')).toEqual([{ type: 'bricked', reason: 'reboot loop' }, { type: 'settled' }])
  })
})
