import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { OfflineWindow } from '../../src/network/config.ts'
import { Link } from '../../src/network/link.ts'
import { Random } from '../../src/random.ts'

const START = 2 ** 40

function link(offline: readonly OfflineWindow[], device = 0): Link {
  return new Link({ latency: 0, jitter: 0, loss: 0, offline }, new Random(1, device, 'link'), START)
}

const online = (it: Link, ...times: number[]): number[] => times.map((ms) => it.onlineAt(START + ms) - START)
const nextOffline = (it: Link, ...times: number[]): number[] => times.map((ms) => it.nextOfflineAt(START + ms) - START)

describe('at: once, so long after the start of the run', () => {
  test('online before, offline from its start to its end', () => {
    const it = link([{ at: 1000, for: 500 }])
    expect(online(it, 0, 999, 1000, 1499, 1500, 9000)).toEqual([0, 999, 1500, 1500, 1500, 9000])
    expect(nextOffline(it, 0, 999, 1000, 5000)).toEqual([1000, 1000, Infinity, Infinity])
  })

  test.each<[string, OfflineWindow[]]>([
    [
      'overlap',
      [
        { at: 1000, for: 500 },
        { at: 1400, for: 600 },
      ],
    ],
    [
      'overlap, the later one first',
      [
        { at: 1400, for: 600 },
        { at: 1000, for: 500 },
      ],
    ],
    [
      'touch, the later one first',
      [
        { at: 1500, for: 500 },
        { at: 1000, for: 500 },
      ],
    ],
    [
      'lie within each other',
      [
        { at: 1200, for: 100 },
        { at: 1000, for: 1000 },
      ],
    ],
  ])('windows that %s', (_, windows) => {
    expect(online(link(windows), 900, 1000, 1450, 1600, 1999, 2000)).toEqual([900, 2000, 2000, 2000, 2000, 2000])
  })

  test('a cut that ends in a window', () => {
    const it = link([{ at: 1000, for: 500 }])
    it.cut(START + 1200)
    expect(online(it, 0, 1100, 1600)).toEqual([1500, 1500, 1600])
  })
})

describe('every: again and again, with a phase of its own for each device', () => {
  const window = { every: 10_000, for: 2000 }

  test('offline for a fifth of the time, in one piece each period', () => {
    const it = link([window])
    const samples = Array.from({ length: 3000 }, (_, i) => i * 10)
    const offline = samples.filter((ms) => it.onlineAt(START + ms) > START + ms)
    expect(offline.length / samples.length).toBeCloseTo(0.2, 2)
    const ends = new Set(offline.map((ms) => Math.round(it.onlineAt(START + ms) - START)))
    expect([3, 4]).toContain(ends.size)
  })

  test('nextOfflineAt is where the next one begins', () => {
    const it = link([window])
    const next = it.nextOfflineAt(START)
    expect(next - START).toBeGreaterThan(0)
    expect(next - START).toBeLessThanOrEqual(10_000)
    expect(it.onlineAt(next + 1)).toBeCloseTo(next + 2000, 6)
    expect(it.onlineAt(next - 1)).toBe(next - 1)
    expect(it.nextOfflineAt(next + 1)).toBeCloseTo(next + 10_000, 6)
  })

  test('devices are not offline together', () => {
    const starts = Array.from({ length: 2000 }, (_, device) => link([window], device).nextOfflineAt(START) - START)
    const inTenths = starts.map((ms) => Math.min(9, Math.floor(ms / 1000)))
    for (let tenth = 0; tenth < 10; tenth++) expect(inTenths.filter((x) => x === tenth).length).toBeGreaterThan(140)
  })

  test.each<[string, OfflineWindow[]]>([
    ['as long as its period', [{ every: 1000, for: 1000 }]],
    ['longer than its period', [{ every: 1000, for: 5000 }]],
  ])('a window %s: never online', (_, windows) => {
    expect(online(link(windows), 0, 12_345)).toEqual([Infinity, Infinity])
  })
})

const anyWindows = fc.array(
  fc.oneof(
    fc.record({ at: fc.nat({ max: 20_000 }), for: fc.nat({ max: 5000 }) }),
    fc.record({ every: fc.integer({ min: 1000, max: 10_000 }), for: fc.nat({ max: 900 }) }),
  ),
  { maxLength: 4 },
)

property.prop([anyWindows, fc.nat({ max: 30_000 }), fc.nat({ max: 20 })])(
  'the link is up at the time that onlineAt tells, and nothing is offline before nextOfflineAt',
  (windows, afterMs, device) => {
    const it = link(windows, device)
    const now = START + afterMs
    const at = it.onlineAt(now)
    expect(at).toBeGreaterThanOrEqual(now)
    if (at !== now && at !== Infinity) expect(it.onlineAt(at)).toBeCloseTo(at, 6)
    const next = it.nextOfflineAt(now)
    expect(next).toBeGreaterThan(now)
    // Where the next one is a step of the clock away, there is nothing in between.
    if (at === now && next !== Infinity && next - now > 1) {
      for (const part of [0.1, 0.5, 0.9]) expect(it.onlineAt(now + (next - now) * part)).toBe(now + (next - now) * part)
    }
  },
)

test('no windows: always online', () => {
  const it = link([])
  expect([online(it, 5)[0], it.nextOfflineAt(START)]).toEqual([5, Infinity])
})
