import { describe, expect, test } from 'vitest'
import { type Firmware, type Hardware, open, phase, read, type RequestFailed, sleep } from '../../src/devices/firmware.ts'
import { INSTANT } from './bench.ts'
import { type Flash, Workbench } from './workbench.ts'

const URL = 'http://cloud/file'
/** 8 kbit/s: a thousand bytes a second. */
const SLOW = { ...INSTANT, latency: 100, bandwidth: { up: 1e9, down: 8000 } }

/** Opens a file of 1,000 bytes and reads it in pieces of 300. */
function* readAll(_: Hardware<Flash>, note: (what: string) => void): Firmware {
  yield* phase('download')
  const stream = yield* open(URL, { range: 'bytes=0-' }, 30_000)
  note(`status ${stream.status}`)
  try {
    for (;;) {
      const piece = yield* read(stream, 300)
      note(`${piece.length} bytes`)
      if (piece.length === 0) break
    }
  } catch (error) {
    note((error as RequestFailed).reason)
  }
  yield* sleep(Infinity)
}

function workbench(more: Parameters<Workbench['with']>[1] = {}): Workbench {
  const bench = new Workbench()
  bench.cloud.files.set(URL, new Uint8Array(1000).fill(7))
  bench.with(readAll, { link: SLOW, ...more })
  return bench
}

describe('a response that is read as it comes', () => {
  test('its head comes first, then its body at the rate of the link, with one delay for all of it', async () => {
    const bench = workbench()
    await bench.run(10)
    // 800 ms of round trips and 350 bytes of head.
    expect(bench.lines).toEqual(['1.15 status 206', '1.45 300 bytes', '1.75 300 bytes', '2.05 300 bytes', '2.15 100 bytes', '2.15 0 bytes'])
  })

  test('a link that goes offline breaks it: what had come of the piece is lost', async () => {
    const bench = workbench({ link: { ...SLOW, offline: [{ at: 1600, for: 1000 }] } })
    await bench.run(10)
    expect(bench.lines.slice(1)).toEqual(['1.45 300 bytes', '1.6 reset'])
  })

  test.each([
    ['lost-connection', true],
    ['hang', false],
  ])('%s strikes midway, at a share of its bytes', async (name, isTold) => {
    const bench = workbench({ faults: [{ do: name }] })
    await bench.run(5)
    expect(bench.times('fault')).toHaveLength(1)
    expect(bench.times('fault')[0]).toBeGreaterThan(1.15)
    expect(bench.lines.length).toBeLessThan(6)
    expect(bench.lines.at(-1)!.endsWith('reset')).toBe(isTold)
  })

  test('early-close: fewer bytes than its headers promise, and a good end', async () => {
    const bench = workbench({ faults: [{ do: 'early-close' }] })
    await bench.run(10)
    expect(bench.lines.slice(1)).toEqual(['1.45 300 bytes', '1.63 180 bytes', '1.63 0 bytes'])
  })

  test('ignore-range: the request comes without its range', async () => {
    const bench = workbench({ faults: [{ do: 'ignore-range' }] })
    await bench.run(10)
    expect(bench.cloud.requests).toEqual([{ url: URL, headers: {} }].map((request) => expect.objectContaining(request) as object))
  })
})
