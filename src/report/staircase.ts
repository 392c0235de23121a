import type { JobConfig } from '../controller/config.ts'

/** AWS's default and ceiling for `maximumPerMinute` (aws-iot.md 4.2). */
const MAX_PER_MINUTE = 1000
const MINUTE_MS = 60_000

type RolloutRates = NonNullable<JobConfig['jobExecutionsRolloutConfig']>

export interface RateStep {
  /** Milliseconds since the run began. */
  readonly at: number
  readonly ratePerMinute: number
}

/** What the rollout config asks for: how many things are to be notified by when, and at which rates. Straight lines between the points. */
export interface Staircase {
  readonly at: readonly number[]
  readonly notified: readonly number[]
  readonly rates: readonly RateStep[]
}

/** How many executions had succeeded by when: ascending times in milliseconds since the run began, a step function. */
export interface SuccessCurve {
  readonly at: readonly number[]
  readonly succeeded: readonly number[]
}

/**
 * The notified curve that `jobExecutionsRolloutConfig` asks for, given how many things did succeed by when.
 * Constant rate: aws-iot.md 4.2. Exponential rate: 4.3, step k at (k + 1) × N notified or succeeded things, whichever comes first.
 */
export function staircase(config: RolloutRates | undefined, curve: SuccessCurve, targets: number, startedAt: number, endsAt: number): Staircase {
  const at = [startedAt]
  const notified = [0]
  const rates: RateStep[] = []
  let now = startedAt
  let total = 0
  let step = 0
  while (now < endsAt && total < targets) {
    step = Math.max(step, stepOf(config, total, succeededAt(curve, now)))
    const ratePerMinute = rateOfStep(config, step)
    if (rates.at(-1)?.ratePerMinute !== ratePerMinute) rates.push({ at: now, ratePerMinute })
    const fastest = ratePerMinute === capOf(config)
    const goal = fastest ? targets : Math.min(targets, notifiedForStep(config, step + 1))
    const reachesGoalAt = now + ((goal - total) / ratePerMinute) * MINUTE_MS
    const next = Math.min(reachesGoalAt, fastest ? Infinity : nextSuccess(config, curve, step, now), endsAt)
    total = next === reachesGoalAt ? goal : total + ((next - now) / MINUTE_MS) * ratePerMinute
    now = next
    at.push(now)
    notified.push(total)
  }
  return { at, notified, rates }
}

/** Things a minute in step k: b·f^k, whole, at least 1, capped by `maximumPerMinute`. */
export function rateOfStep(config: RolloutRates | undefined, step: number): number {
  const cap = capOf(config)
  const exponential = config?.exponentialRate
  if (!exponential) return cap
  // 10 × 1.1 is 11.000000000000002 in floating point: the floor is of the decimal product.
  const rate = Math.floor(exponential.baseRatePerMinute * exponential.incrementFactor ** step + 1e-9)
  return Math.min(cap, Math.max(1, rate))
}

/** The rate of a job over time as its counts allow it: when each new rate was reached, by the counts of the samples, until nothing more was notified. */
export function ratesSeen(config: RolloutRates | undefined, curve: SuccessCurve & { readonly notified: readonly number[] }): RateStep[] {
  const rates: RateStep[] = []
  const end = curve.notified.indexOf(curve.notified.at(-1) ?? 0)
  let step = 0
  curve.at.slice(0, Math.max(1, end)).forEach((at, sample) => {
    step = Math.max(step, stepOf(config, curve.notified[sample]!, curve.succeeded[sample]!))
    const ratePerMinute = rateOfStep(config, step)
    if (rates.at(-1)?.ratePerMinute !== ratePerMinute) rates.push({ at, ratePerMinute })
  })
  return rates
}

function capOf(config: RolloutRates | undefined): number {
  return Math.min(config?.maximumPerMinute ?? MAX_PER_MINUTE, MAX_PER_MINUTE)
}

function stepOf(config: RolloutRates | undefined, notified: number, succeeded: number): number {
  const criteria = config?.exponentialRate?.rateIncreaseCriteria
  if (!criteria) return 0
  const byNotified = Math.floor(notified / (criteria.numberOfNotifiedThings ?? Infinity))
  return Math.max(byNotified, Math.floor(succeeded / (criteria.numberOfSucceededThings ?? Infinity)))
}

function notifiedForStep(config: RolloutRates | undefined, step: number): number {
  return step * (config?.exponentialRate?.rateIncreaseCriteria.numberOfNotifiedThings ?? Infinity)
}

function succeededAt(curve: SuccessCurve, at: number): number {
  return curve.succeeded[lastIndexBy(curve, at)] ?? 0
}

/** When the successes take the rollout beyond `step`, after `now`. */
function nextSuccess(config: RolloutRates | undefined, curve: SuccessCurve, step: number, now: number): number {
  const every = config?.exponentialRate?.rateIncreaseCriteria.numberOfSucceededThings
  if (every === undefined) return Infinity
  for (let index = lastIndexBy(curve, now) + 1; index < curve.at.length; index++) {
    if (curve.succeeded[index]! >= (step + 1) * every) return curve.at[index]!
  }
  return Infinity
}

/** The last sample at or before `at`, -1 when there is none. */
function lastIndexBy(curve: SuccessCurve, at: number): number {
  let low = 0
  let high = curve.at.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (curve.at[middle]! <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}
