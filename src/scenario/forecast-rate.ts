import type { JobConfig } from '../controller/config.ts'

/** AWS's ceiling for every rollout rate, and its default (reference, section 4.2). */
const MAX_RATE_PER_MINUTE = 1000

const MS_PER_MINUTE = 60_000

export interface RateStep {
  readonly ratePerMinute: number
  /** How many devices must have been notified, or have succeeded, before this step. 0 for the first. */
  readonly from: number
}

/** The steps that a rollout to so many devices goes through: rate base·factor^k from k·N devices on, in whole devices a minute, up to the cap. */
export function rateSteps(config: JobConfig['jobExecutionsRolloutConfig'], targets: number): RateStep[] {
  const cap = Math.min(config?.maximumPerMinute ?? MAX_RATE_PER_MINUTE, MAX_RATE_PER_MINUTE)
  const exponential = config?.exponentialRate
  if (!exponential) return [{ ratePerMinute: cap, from: 0 }]
  const { baseRatePerMinute, incrementFactor } = exponential
  const stride = strideOf(exponential.rateIncreaseCriteria)
  const steps: RateStep[] = []
  for (let k = 0; k === 0 || k * stride < targets; k++) {
    const ratePerMinute = Math.min(cap, Math.max(1, Math.floor(baseRatePerMinute * incrementFactor ** k + 1e-9)))
    if (ratePerMinute !== steps.at(-1)?.ratePerMinute) steps.push({ ratePerMinute, from: k * stride })
    if (ratePerMinute === cap) break
  }
  return steps
}

/** Milliseconds from the start of the job until the last device is notified, when every device succeeds the moment it hears of the job. */
export function lastNotifiedMs(steps: readonly RateStep[], targets: number): number {
  return steps.reduce((sum, { ratePerMinute, from }, k) => {
    const next = steps[k + 1]?.from
    // The first device of a step goes at once, so the last of n waits for n - 1.
    const waits = next === undefined ? targets - 1 - from : Math.min(next, targets - 1) - from
    return sum + (Math.max(0, waits) / ratePerMinute) * MS_PER_MINUTE
  }, 0)
}

/** With both criteria, whichever count is reached first: in a rollout where all succeed at once that is the smaller. */
function strideOf({ numberOfNotifiedThings = Infinity, numberOfSucceededThings = Infinity }: Criteria): number {
  return Math.min(numberOfNotifiedThings, numberOfSucceededThings)
}

type Criteria = NonNullable<NonNullable<JobConfig['jobExecutionsRolloutConfig']>['exponentialRate']>['rateIncreaseCriteria']
