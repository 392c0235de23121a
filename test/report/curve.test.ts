import { fc, test as property } from '@fast-check/vitest'
import { expect } from 'vitest'
import { Curve, MAX_POINTS, notifiedColumn } from '../../src/report/curve.ts'
import { counts } from './fixtures.ts'

property.prop([fc.integer({ min: 1, max: 30_000 }), fc.integer({ min: 1, max: 60_000 })], { numRuns: 20 })(
  'however many samples, at most MAX_POINTS, in order, with the first and the last',
  (samples, stepMs) => {
    const curve = new Curve()
    for (let sample = 0; sample < samples; sample++) curve.add(sample * stepMs, counts({ QUEUED: sample, SUCCEEDED: 1 }))
    const columns = curve.columns()
    expect(columns.at.length).toBeLessThanOrEqual(MAX_POINTS)
    expect(columns.at.length).toBeGreaterThanOrEqual(Math.min(samples, MAX_POINTS / 4))
    expect(columns.at[0]).toBe(0)
    expect(columns.at.at(-1)).toBe((samples - 1) * stepMs)
    expect(notifiedColumn(columns)).toEqual(columns.at.map((at) => at / stepMs + 1))
    for (let point = 1; point < columns.at.length; point++) expect(columns.at[point]!).toBeGreaterThan(columns.at[point - 1]!)
  },
)
