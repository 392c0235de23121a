import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { nextSecondWithQuota, quotaOfSecond, rateOfStep, ratePerMinute, type RolloutConfig, rolloutStep } from '../../../src/cloud/jobs/rollout.ts'

const exponential = (baseRatePerMinute: number, incrementFactor: number, every: number, maximumPerMinute?: number): RolloutConfig => ({
  maximumPerMinute,
  exponentialRate: { baseRatePerMinute, incrementFactor, rateIncreaseCriteria: { numberOfNotifiedThings: every } },
})

describe('the rate of a step', () => {
  test.each([
    ['no configuration: the ceiling of the service', {}, 0, 1000],
    ['a constant rate', { maximumPerMinute: 60 }, 0, 60],
    ['a constant rate stays, whatever the step', { maximumPerMinute: 60 }, 7, 60],
    ['a rate above the ceiling of the service', { maximumPerMinute: 5000 }, 0, 1000],
    ['the base rate', exponential(50, 2, 1000), 0, 50],
    ['twice the base rate', exponential(50, 2, 1000), 1, 100],
    ['four times', exponential(50, 2, 1000), 2, 200],
    ['eight times', exponential(50, 2, 1000), 3, 400],
    ['the ceiling of the service', exponential(50, 2, 1000), 5, 1000],
    ['a step that no number can hold', exponential(1000, 5, 1), 5000, 1000],
    ['row 41: maximumPerMinute caps step 2', exponential(50, 2, 1000, 150), 2, 150],
    ['row 41: maximumPerMinute caps step 3', exponential(50, 2, 1000, 150), 3, 150],
    ['7.5 is 7 whole devices', exponential(5, 1.5, 10), 1, 7],
    ['1.21 is 1 whole device', exponential(1, 1.1, 10), 2, 1],
    ['30 · 1.1 is 33, though not in binary', exponential(30, 1.1, 10), 1, 33],
    ['a cap below the base rate', exponential(50, 2, 1000, 20), 0, 20],
  ] as const)('%s', (_title, config, step, rate) => {
    expect(rateOfStep(config, step)).toBe(rate)
  })
})

describe('the step that counts have reached', () => {
  test.each([
    ['row 40: before the first threshold', { numberOfNotifiedThings: 1000 }, 999, 0, 0],
    ['row 40: at the first', { numberOfNotifiedThings: 1000 }, 1000, 0, 1],
    ['row 40: thresholds are linear, the second is 2000', { numberOfNotifiedThings: 1000 }, 2000, 0, 2],
    ['row 40: and the third is 3000', { numberOfNotifiedThings: 1000 }, 3000, 0, 3],
    ['row 42: notified things do not matter to the succeeded criterion', { numberOfSucceededThings: 10 }, 100_000, 0, 0],
    ['a jump passes several steps', { numberOfSucceededThings: 10 }, 50, 47, 4],
    ['with both, notified first', { numberOfNotifiedThings: 10, numberOfSucceededThings: 10 }, 25, 9, 2],
    ['with both, succeeded further', { numberOfNotifiedThings: 100, numberOfSucceededThings: 10 }, 120, 35, 3],
  ] as const)('%s', (_title, criteria, notified, succeeded, step) => {
    expect(rolloutStep(criteria, notified, succeeded)).toBe(step)
  })

  test('row 40: base 50, factor 2, every 1000: 50, 100, 200, 400 a minute', () => {
    expect([0, 1000, 2000, 3000].map((notified) => ratePerMinute(exponential(50, 2, 1000), notified, 0))).toEqual([50, 100, 200, 400])
  })
})

describe('the quota of a second', () => {
  test.each([
    ['1 a minute: at once, then nothing', 1, [1, 0, 0, 0]],
    ['2 a minute: at once and after half a minute', 2, [1, 0, 0, 0]],
    ['60 a minute: one a second', 60, [1, 1, 1, 1]],
    ['90 a minute: two and one by turns', 90, [2, 1, 2, 1]],
    ['1000 a minute: 17, then 17, 16 and so on', 1000, [17, 17, 16, 17]],
  ] as const)('%s', (_title, rate, firstSeconds) => {
    expect([0, 1, 2, 3].map((second) => quotaOfSecond(rate, second))).toEqual(firstSeconds)
  })

  property.prop([fc.integer({ min: 1, max: 1000 })])('the seconds of a minute add up to the rate', (rate) => {
    expect(seconds(0, 60, () => rate)).toBe(rate)
  })

  property.prop([fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 60, maxLength: 60 })])(
    'a minute in which the rate rises stays within the highest',
    (rises) => {
      let rate = 1
      const rates = rises.map((rise) => (rate += rise % 7 === 0 ? rise : 0))
      expect(seconds(0, 60, (second) => rates[second]!)).toBeLessThanOrEqual(rates.at(-1)!)
    },
  )

  property.prop([fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 500 })])('the next second with a quota', (rate, from) => {
    const next = nextSecondWithQuota(rate, from)
    expect(quotaOfSecond(rate, next % 60)).toBeGreaterThan(0)
    expect(seconds(from, next, () => rate)).toBe(0)
  })
})

function seconds(from: number, to: number, rate: (second: number) => number): number {
  let sum = 0
  for (let second = from; second < to; second++) sum += quotaOfSecond(rate(second), second % 60)
  return sum
}
