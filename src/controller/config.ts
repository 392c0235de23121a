import { z } from 'zod'
import { duration } from '../units.ts'

/** Rollouts of a scenario. `job:` is CreateJob field for field, except that targets are fleet groups and the document comes from the image. */

const count = () => z.int().min(1)

/** AWS: at most one decimal, 1.1 to 5. */
const incrementFactor = z.number().min(1.1).max(5).refine(oneDecimal, { error: 'a number with at most one decimal' })

/** AWS: at most two decimals, above 0, at most 100. */
const thresholdPercentage = z.number().gt(0).max(100).refine(twoDecimals, { error: 'a number with at most two decimals' })

export const jobExecutionsRolloutConfig = z.strictObject({
  maximumPerMinute: z.int().min(1).max(1000).optional(),
  exponentialRate: z
    .strictObject({
      baseRatePerMinute: z.int().min(1).max(1000),
      incrementFactor,
      rateIncreaseCriteria: z
        .strictObject({ numberOfNotifiedThings: count().optional(), numberOfSucceededThings: count().optional() })
        .refine((criteria) => criteria.numberOfNotifiedThings !== undefined || criteria.numberOfSucceededThings !== undefined, {
          error: 'numberOfNotifiedThings or numberOfSucceededThings',
        }),
    })
    .optional(),
})

export const abortConfig = z.strictObject({
  criteriaList: z
    .array(
      z.strictObject({
        failureType: z.enum(['FAILED', 'REJECTED', 'TIMED_OUT', 'ALL']),
        action: z.literal('CANCEL'),
        thresholdPercentage,
        minNumberOfExecutedThings: count(),
      }),
    )
    .min(1),
})

export const timeoutConfig = z.strictObject({ inProgressTimeoutInMinutes: z.int().min(1).max(10_080) })

export const jobExecutionsRetryConfig = z.strictObject({
  criteriaList: z
    .array(z.strictObject({ failureType: z.enum(['FAILED', 'TIMED_OUT', 'ALL']), numberOfRetries: z.int().min(0).max(10) }))
    .min(1)
    .max(2),
})

const jobConfig = z.strictObject({
  targets: z.array(z.string()).min(1).describe('Groups of the fleet.'),
  image: z.string().describe('An image of the scenario.'),
  description: z.string().max(2028).optional(),
  targetSelection: z.enum(['SNAPSHOT', 'CONTINUOUS']).default('SNAPSHOT'),
  jobExecutionsRolloutConfig: jobExecutionsRolloutConfig.optional(),
  abortConfig: abortConfig.optional(),
  timeoutConfig: timeoutConfig.optional(),
  jobExecutionsRetryConfig: jobExecutionsRetryConfig.optional(),
  presignedUrlConfig: z.strictObject({ expiresInSec: z.int().min(60).max(3600).default(3600) }).prefault({}),
})

const firmwareImageConfig = z.strictObject({
  targets: z.array(z.string()).min(1).describe('Groups of Data Gators; every gateway of a group gets the message.'),
  image: z.string().describe('An image of the scenario.'),
  gatewaysPerMinute: z
    .int()
    .min(1)
    .max(60_000)
    .default(60)
    .describe('How fast the controller steps over the gateways; SCARECRO itself has no pacing.'),
  deadline: duration().prefault('2h').describe('Gators that do not run the image by then count as timed out.'),
})

const pace = { at: duration().prefault('0s').describe('When it starts, after the start of the run.') }

export const rolloutConfig = z.union([
  z.strictObject({
    job: jobConfig,
    ...pace,
    cancel: z.strictObject({ at: duration().describe('After the rollout started.'), force: z.boolean().default(false) }).optional(),
  }),
  z.strictObject({ firmwareImage: firmwareImageConfig, ...pace }),
])

export type JobConfig = z.output<typeof jobConfig>
export type FirmwareImageConfig = z.output<typeof firmwareImageConfig>
export type RolloutConfig = z.output<typeof rolloutConfig>

function oneDecimal(value: number): boolean {
  return Number(value.toFixed(1)) === value
}

function twoDecimals(value: number): boolean {
  return Number(value.toFixed(2)) === value
}
