import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { rateOfStep, ratesSeen, staircase } from '../../src/report/staircase.ts'

const MINUTE = 60_000
const none = { at: [], succeeded: [] }
const exponential = (criteria: { numberOfNotifiedThings?: number; numberOfSucceededThings?: number }) => ({
  exponentialRate: { baseRatePerMinute: 50, incrementFactor: 2, rateIncreaseCriteria: criteria },
})

describe('the staircase', () => {
  test('without a config a thousand things a minute', () => {
    expect(staircase(undefined, none, 3000, 0, 10 * MINUTE)).toEqual({
      at: [0, 3 * MINUTE],
      notified: [0, 3000],
      rates: [{ at: 0, ratePerMinute: 1000 }],
    })
  })

  test('a constant rate, cut off at the end of the rollout', () => {
    const stairs = staircase({ maximumPerMinute: 10 }, none, 100, 5000, 5000 + 3 * MINUTE)
    expect(stairs).toEqual({ at: [5000, 5000 + 3 * MINUTE], notified: [0, 30], rates: [{ at: 5000, ratePerMinute: 10 }] })
  })

  test('the example of the guide: 50, 100, 200, 400 a minute at 1000, 2000, 3000 notified things', () => {
    const stairs = staircase(exponential({ numberOfNotifiedThings: 1000 }), none, 4000, 0, 1000 * MINUTE)
    expect(stairs.notified).toEqual([0, 1000, 2000, 3000, 4000])
    expect(stairs.at).toEqual([0, 20, 30, 35, 37.5].map((minutes) => minutes * MINUTE))
    expect(stairs.rates.map(({ ratePerMinute }) => ratePerMinute)).toEqual([50, 100, 200, 400])
  })

  test('by successes: faster from the moment that enough had succeeded, several steps at once when there are so many', () => {
    const successes = { at: [0, MINUTE, 2 * MINUTE], succeeded: [0, 9, 35] }
    const stairs = staircase(exponential({ numberOfSucceededThings: 10 }), successes, 300, 0, 10 * MINUTE)
    expect(stairs.rates).toEqual([
      { at: 0, ratePerMinute: 50 },
      { at: 2 * MINUTE, ratePerMinute: 400 },
    ])
    expect(stairs.at).toEqual([0, 2 * MINUTE, 2.5 * MINUTE])
    expect(stairs.notified).toEqual([0, 100, 300])
  })

  test('a fleet that never succeeds never accelerates', () => {
    const stairs = staircase(exponential({ numberOfSucceededThings: 10 }), none, 1000, 0, 4 * MINUTE)
    expect(stairs).toEqual({ at: [0, 4 * MINUTE], notified: [0, 200], rates: [{ at: 0, ratePerMinute: 50 }] })
  })

  test('rates are whole, at least one, and capped', () => {
    const rates = { exponentialRate: { baseRatePerMinute: 10, incrementFactor: 1.1, rateIncreaseCriteria: { numberOfNotifiedThings: 1 } } }
    expect([0, 1, 2, 3].map((step) => rateOfStep(rates, step))).toEqual([10, 11, 12, 13])
    expect(rateOfStep({ ...rates, maximumPerMinute: 12 }, 50)).toBe(12)
    expect(rateOfStep(rates, 5000)).toBe(1000)
  })

  property.prop([
    fc.integer({ min: 1, max: 1000 }),
    fc.integer({ min: 11, max: 50 }),
    fc.integer({ min: 1, max: 500 }),
    fc.option(fc.integer({ min: 1, max: 500 }), { nil: undefined }),
    fc.integer({ min: 1, max: 1_000_000 }),
  ])('ends, rises, and never passes the targets', (base, factor, notified, succeeded, targets) => {
    const config = {
      exponentialRate: {
        baseRatePerMinute: base,
        incrementFactor: factor / 10,
        rateIncreaseCriteria: { numberOfNotifiedThings: notified, ...(succeeded === undefined ? {} : { numberOfSucceededThings: succeeded }) },
      },
    }
    const curve = { at: [0, 10 * MINUTE, 20 * MINUTE], succeeded: [0, 100, 400] }
    const stairs = staircase(config, curve, targets, 0, 1e12)
    expect(stairs.notified.at(-1)).toBe(targets)
    for (let point = 1; point < stairs.at.length; point++) {
      expect(stairs.at[point]!).toBeGreaterThanOrEqual(stairs.at[point - 1]!)
      expect(stairs.notified[point]!).toBeGreaterThanOrEqual(stairs.notified[point - 1]!)
    }
    expect(stairs.at.length).toBeLessThan(200)
  })
})

test('the rates that a job reached by its counts, until everything was notified', () => {
  const curve = { at: [0, 10, 20, 30, 40, 50], notified: [0, 50, 90, 100, 100, 100], succeeded: [0, 9, 10, 25, 60, 99] }
  expect(ratesSeen(exponential({ numberOfSucceededThings: 10 }), curve)).toEqual([
    { at: 0, ratePerMinute: 50 },
    { at: 20, ratePerMinute: 100 },
  ])
  expect(ratesSeen(undefined, { at: [0], notified: [0], succeeded: [0] })).toEqual([{ at: 0, ratePerMinute: 1000 }])
})
