import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { type LinkConfig, linkConfig, PROFILES } from '../../src/network/config.ts'
import { Link } from '../../src/network/link.ts'
import { Random } from '../../src/random.ts'

const START = 1_000_000
const NOTHING: LinkConfig = { latency: 0, jitter: 0, loss: 0, offline: [] }

function link(config: Partial<LinkConfig>, device = 0): Link {
  return new Link({ ...NOTHING, ...config }, new Random(1, device, 'link'), START)
}

const mean = (draws: number, draw: (i: number) => number): number => {
  let sum = 0
  for (let i = 0; i < draws; i++) sum += draw(i)
  return sum / draws
}

describe('latency and jitter', () => {
  test('one way each', () => {
    const it = link({ latency: 30 })
    expect([it.up(START, 100), it.down(START, 100)]).toEqual([START + 30, START + 30])
  })

  test.each([0, 1, 3])('%i round trips of a handshake cost both ways', (roundTrips) => {
    expect(link({ latency: 25 }).handshakeMs(START, roundTrips)).toBe(50 * roundTrips)
  })

  test('jitter spreads around the latency and is never negative', () => {
    const delays = Array.from({ length: 20_000 }, (_, i) => link({ latency: 100, jitter: 30 }, i).up(START, 1) - START)
    const average = mean(delays.length, (i) => delays[i]!)
    const deviation = Math.sqrt(mean(delays.length, (i) => (delays[i]! - average) ** 2))
    expect(average).toBeGreaterThan(99)
    expect(average).toBeLessThan(101)
    expect(deviation).toBeGreaterThan(29)
    expect(deviation).toBeLessThan(31)
    expect(Math.min(...Array.from({ length: 5000 }, (_, i) => link({ latency: 1, jitter: 50 }, i).up(START, 1) - START))).toBe(0)
  })
})

describe('bandwidth', () => {
  // 8000 bits a second are a byte a millisecond.
  const slow = { bandwidth: { up: 8000, down: 16_000 } }

  test('each direction at its own rate', () => {
    const it = link(slow)
    expect(it.up(START, 500) - START).toBe(500)
    expect(it.down(START, 500) - START).toBe(250)
  })

  test('one thing after the other: what is sent at the same moment queues', () => {
    const it = link({ ...slow, latency: 10 })
    expect([100, 200, 50].map((bytes) => it.up(START, bytes) - START)).toEqual([110, 310, 360])
  })

  test('a link that has rested starts at once', () => {
    const it = link(slow)
    it.up(START, 100)
    expect(it.up(START + 5000, 100)).toBe(START + 5100)
  })

  test('directions do not wait for each other', () => {
    const it = link(slow)
    it.up(START, 10_000)
    expect(it.down(START, 16) - START).toBe(8)
  })

  test('none: sent at once', () => {
    expect(link({}).up(START, 1e9)).toBe(START)
  })

  test('clear: what was under way is gone', () => {
    const it = link(slow)
    it.up(START, 10_000)
    it.down(START, 10_000)
    it.clear()
    expect([it.up(START, 8) - START, it.down(START, 8) - START]).toEqual([8, 4])
  })
})

describe('loss', () => {
  /** RTO × p + 2 RTO × p² + …: what a segment costs on average, cut off where the connection breaks. */
  const expected = (loss: number, timeoutMs: number) => {
    let cost = 0
    for (let n = 1; n < 7; n++) cost += loss ** n * timeoutMs * 2 ** (n - 1)
    return cost
  }

  test.each([
    ['1 % and a short way: the least timeout of 200 ms', 0.01, 20, 200],
    ['5 % and a long way: three times the latency', 0.05, 400, 1200],
    ['20 %', 0.2, 0, 200],
  ])('%s', (_, loss, latency, timeoutMs) => {
    const costs = Array.from({ length: 40_000 }, (_ignored, i) => link({ loss, latency }, i).up(START, 1000) - START - latency).filter(
      Number.isFinite,
    )
    const cost = mean(costs.length, (i) => costs[i]!)
    expect(cost / expected(loss, timeoutMs)).toBeGreaterThan(0.85)
    expect(cost / expected(loss, timeoutMs)).toBeLessThan(1.15)
  })

  test('a cost is a timeout, doubled with each loss in a row: 200, 600, 1400 … ms', () => {
    const costs = new Set(Array.from({ length: 5000 }, (_, i) => link({ loss: 0.3 }, i).up(START, 1000) - START))
    expect([...costs].toSorted((a, b) => a - b)).toEqual([0, 200, 600, 1400, 3000, 6200, 12_600, Infinity])
  })

  test('each segment of 1400 bytes is lost by itself', () => {
    const loss = 0.02
    const average = (bytes: number) => mean(20_000, (i) => link({ loss }, i).up(START, bytes) - START)
    expect(average(14_000) / average(1400)).toBeGreaterThan(8.5)
    expect(average(14_000) / average(1400)).toBeLessThan(11.5)
  })

  test('seven losses in a row break the connection: a share of loss⁷', () => {
    const broken = mean(100_000, (i) => (link({ loss: 0.5 }, i).up(START, 100) === Infinity ? 1 : 0))
    expect(broken).toBeGreaterThan(0.5 ** 7 * 0.9)
    expect(broken).toBeLessThan(0.5 ** 7 * 1.1)
    expect(link({ loss: 1 }).down(START, 100)).toBe(Infinity)
  })

  test('after a break the link goes on', () => {
    const it = link({ loss: 0.6 })
    const arrivals = Array.from({ length: 500 }, (_, i) => it.up(START + i * 1000, 100))
    expect(arrivals).toContain(Infinity)
    expect(arrivals.slice(arrivals.indexOf(Infinity)).some(Number.isFinite)).toBe(true)
  })

  test('none: nothing is ever drawn or lost', () => {
    expect(mean(1000, (i) => link({}, i).up(START, 100_000) - START)).toBe(0)
  })
})

const anyConfig = fc.record({
  latency: fc.integer({ min: 0, max: 2000 }),
  jitter: fc.integer({ min: 0, max: 1000 }),
  loss: fc.double({ min: 0, max: 0.5, noNaN: true }),
  bandwidth: fc.record({ up: fc.integer({ min: 1000, max: 1e8 }), down: fc.integer({ min: 1000, max: 1e8 }) }),
  offline: fc.constant([]),
})

property.prop([anyConfig, fc.array(fc.tuple(fc.nat({ max: 5000 }), fc.integer({ min: 1, max: 20_000 }), fc.boolean()), { maxLength: 40 })])(
  'what is sent in order arrives in order, each way, and never before it was sent',
  (config, sends) => {
    const it = link(config)
    const last = { up: -Infinity, down: -Infinity }
    let now = START
    for (const [pauseMs, bytes, isUp] of sends) {
      now += pauseMs
      const way = isUp ? 'up' : 'down'
      const at = it[way](now, bytes)
      if (at === Infinity) continue
      const least = (bytes * 8000) / config.bandwidth[way]
      expect(at).toBeGreaterThanOrEqual(Math.max(last[way], now + least - 1e-6))
      last[way] = at
    }
  },
)

property.prop([anyConfig, fc.nat()])('the same device sees the same link', (config, device) => {
  const times = () => {
    const it = link(config, device)
    return Array.from({ length: 20 }, (_, i) => (i % 2 ? it.up(START + i, 500) : it.down(START + i, 3000)))
  }
  expect(times()).toEqual(times())
})

describe('cut and slow', () => {
  test('cut: online at its end, and a shorter cut does not shorten it', () => {
    const it = link({})
    it.cut(START + 500)
    it.cut(START + 200)
    expect([0, 200, 499, 500, 900].map((ms) => it.onlineAt(START + ms) - START)).toEqual([500, 500, 500, 500, 900])
  })

  test('slow: delay and bandwidth alike, until it ends', () => {
    const it = link({ latency: 10, bandwidth: { up: 8000, down: 8000 } })
    it.slow(5, START + 10_000)
    expect(it.up(START, 100) - START).toBe(550)
    expect(it.handshakeMs(START, 1)).toBe(100)
    expect(it.up(START + 10_000, 100) - START - 10_000).toBe(110)
    expect(it.handshakeMs(START + 10_000, 1)).toBe(20)
  })
})

test.each(Object.entries(PROFILES))('the profile %s moves 1 MB in the time of its rates', (name, profile) => {
  expect(linkConfig.parse(name)).toEqual(profile)
  const lossless = link({ ...profile, loss: 0, jitter: 0 })
  expect(lossless.down(START, 1e6) - START).toBeCloseTo(8e9 / profile.bandwidth.down + profile.latency, 6)
})

test('a scenario gives one rate for both ways, or each', () => {
  expect(linkConfig.parse({ bandwidth: '80kbit/s' })).toMatchObject({ latency: 20, bandwidth: { up: 80_000, down: 80_000 } })
  expect(linkConfig.parse({ bandwidth: { up: '1kbit/s', down: '2Mbit/s' } })).toMatchObject({ bandwidth: { up: 1000, down: 2e6 } })
  expect(linkConfig.parse({})).not.toHaveProperty('bandwidth')
})

test('links keep to themselves, however many there are', () => {
  const busy = { latency: 10, bandwidth: { up: 8000, down: 8000 } }
  const links = Array.from({ length: 1500 }, (_, i) => link(busy, i))
  links.forEach((it, i) => {
    if (i % 2 === 0) it.up(START, 1000)
  })
  // A link that sent a thousand bytes, which take a second, sends the next byte after them.
  expect(links.map((it) => it.up(START, 1))).toEqual(links.map((_, i) => START + (i % 2 === 0 ? 1011 : 11)))
  links[0]!.up(START, 1000)
  links[0]!.clear()
  expect([links[0]!.up(START, 1), links[2]!.up(START, 1)]).toEqual([START + 11, START + 1012])
})
