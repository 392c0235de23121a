import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { Timings } from '../../src/report/timings.ts'

test('percentiles of a known distribution, to three figures', () => {
  const timings = new Timings(1)
  for (let ms = 1; ms <= 1000; ms++) timings.record('download', 0, ms)
  expect(timings.summary('download', 0)).toEqual({ n: 1000, min: 1, mean: 500.5, p50: 500, p95: 950, p99: 990, max: 1000 })
})

test('groups are merged, not averaged', () => {
  const timings = new Timings(2)
  for (let count = 0; count < 99; count++) timings.record('job', 0, 10)
  timings.record('job', 1, 10_000)
  expect(timings.percentile('job', 50)).toBe(10)
  expect(timings.percentile('job', 99)).toBe(10)
  expect(timings.summary('job')).toMatchObject({ n: 100, max: 10_000, mean: 109.9 })
  expect(timings.percentile('job', 50, 1)).toBe(10_000)
})

test('nothing measured is not zero', () => {
  const timings = new Timings(1)
  timings.record('connect', 0, 0.2)
  expect(timings.summary('pickup')).toBeUndefined()
  expect(timings.summary('connect')).toMatchObject({ n: 1, min: 0.2, p50: 0.2, max: 0.2 })
})

property.prop([fc.array(fc.double({ min: 0, max: 1e8, noNaN: true }), { minLength: 1, maxLength: 300 })])(
  'a percentile is within 0.1 % and a millisecond of the sorted list, and in order',
  (times) => {
    const timings = new Timings(3)
    times.forEach((ms, index) => timings.record('download', index % 3, ms))
    const sorted = times.toSorted((a, b) => a - b)
    const { p50, p95, p99, min, max } = timings.summary('download')!
    for (const [percentile, actual] of [
      [50, p50],
      [95, p95],
      [99, p99],
    ] as const) {
      const exact = sorted[Math.ceil((percentile / 100) * sorted.length) - 1]!
      expect(Math.abs(actual - exact)).toBeLessThanOrEqual(exact * 0.001 + 1)
    }
    expect([min, p50, p95, p99, max]).toEqual([min, p50, p95, p99, max].toSorted((a, b) => a - b))
  },
)
