import { wholeRate } from './choices.ts'

/** The arithmetic of a rollout (§4.2, §4.3): how many things may be notified, from counts and configuration alone. */

/** Ceiling and default of every rate, in things per minute. */
const MAX_RATE_PER_MINUTE = 1000

const SECONDS_PER_MINUTE = 60

export interface RolloutConfig {
  readonly maximumPerMinute?: number | undefined
  readonly exponentialRate?: ExponentialRate | undefined
}

interface ExponentialRate {
  readonly baseRatePerMinute: number
  readonly incrementFactor: number
  readonly rateIncreaseCriteria: RateIncreaseCriteria
}

export interface RateIncreaseCriteria {
  readonly numberOfNotifiedThings?: number | undefined
  readonly numberOfSucceededThings?: number | undefined
}

/** Things per minute with these counts since the job began. Step k begins at k·N things: thresholds are linear while the rate is exponential. */
export function ratePerMinute(config: RolloutConfig, notified: number, succeeded: number): number {
  const { exponentialRate } = config
  const step = exponentialRate ? rolloutStep(exponentialRate.rateIncreaseCriteria, notified, succeeded) : 0
  return rateOfStep(config, step)
}

/** The step that the counts have reached; with both criteria, whichever is further. */
export function rolloutStep(criteria: RateIncreaseCriteria, notified: number, succeeded: number): number {
  const byNotified = criteria.numberOfNotifiedThings === undefined ? 0 : Math.floor(notified / criteria.numberOfNotifiedThings)
  const bySucceeded = criteria.numberOfSucceededThings === undefined ? 0 : Math.floor(succeeded / criteria.numberOfSucceededThings)
  return Math.max(byNotified, bySucceeded)
}

/** Base·factor^step, in whole things, never above the two caps. */
export function rateOfStep({ maximumPerMinute, exponentialRate }: RolloutConfig, step: number): number {
  const cap = Math.min(maximumPerMinute ?? MAX_RATE_PER_MINUTE, MAX_RATE_PER_MINUTE)
  if (!exponentialRate) return cap
  return Math.min(cap, wholeRate(exponentialRate.baseRatePerMinute * exponentialRate.incrementFactor ** step))
}

/**
 * Things to notify in one second (0..59) of a minute. The first go at once and the seconds add up to the rate;
 * when the rate rises within the minute, the minute still stays within the higher rate.
 */
export function quotaOfSecond(rate: number, second: number): number {
  return Math.ceil((rate * (second + 1)) / SECONDS_PER_MINUTE) - Math.ceil((rate * second) / SECONDS_PER_MINUTE)
}

/** The first second from `second` on (counted from the start of the rollout) that has a quota at this rate. */
export function nextSecondWithQuota(rate: number, second: number): number {
  let next = second
  while (quotaOfSecond(rate, next % SECONDS_PER_MINUTE) === 0) next++
  return next
}

/** The second within its minute, of a second counted from the start of the rollout. */
export function secondOfMinute(second: number): number {
  return second % SECONDS_PER_MINUTE
}
