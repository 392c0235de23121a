import { z } from 'zod'

/** The members of CreateJob and UpdateJob that are supported, with the constraints of the service model (§3.4). */

const MAX_DESCRIPTION = 2028
const MAX_MINUTES = 10_080
const MAX_RETRIES = 10
const MAX_TAGS = 50

const NO_CONTROL_CHARACTERS = /^[^\p{C}]*$/u

const jobId = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-zA-Z0-9_-]+$/)

export const comment = z.string().max(MAX_DESCRIPTION).regex(NO_CONTROL_CHARACTERS)

export const reasonCode = z
  .string()
  .max(128)
  .regex(/^[\p{Lu}\p{Nd}_]+$/u)

const atLeastOne = z.int().min(1)

const presignedUrlConfig = z.object({ roleArn: z.string().min(20).max(2048).optional(), expiresInSec: z.int().min(60).max(3600).optional() })

const rateIncreaseCriteria = z
  .object({ numberOfNotifiedThings: atLeastOne.optional(), numberOfSucceededThings: atLeastOne.optional() })
  .refine((criteria) => criteria.numberOfNotifiedThings !== undefined || criteria.numberOfSucceededThings !== undefined, {
    error: 'Member must have numberOfNotifiedThings or numberOfSucceededThings',
  })

const jobExecutionsRolloutConfig = z.object({
  maximumPerMinute: z.int().min(1).max(1000).optional(),
  exponentialRate: z
    .object({
      baseRatePerMinute: z.int().min(1).max(1000),
      incrementFactor: z
        .number()
        .min(1.1)
        .max(5)
        .refine((value) => hasDecimals(value, 1), { error: 'Member must have at most one decimal' }),
      rateIncreaseCriteria,
    })
    .optional(),
})

const abortConfig = z.object({
  criteriaList: z
    .array(
      z.object({
        failureType: z.enum(['FAILED', 'REJECTED', 'TIMED_OUT', 'ALL']),
        action: z.literal('CANCEL'),
        thresholdPercentage: z
          .number()
          .gt(0)
          .max(100)
          .refine((value) => hasDecimals(value, 2), { error: 'Member must have at most two decimals' }),
        minNumberOfExecutedThings: atLeastOne,
      }),
    )
    .min(1),
})

const timeoutConfig = z.object({ inProgressTimeoutInMinutes: z.int().min(1).max(MAX_MINUTES).optional() })

const jobExecutionsRetryConfig = z.object({
  criteriaList: z
    .array(z.object({ failureType: z.enum(['FAILED', 'TIMED_OUT', 'ALL']), numberOfRetries: z.int().min(0).max(MAX_RETRIES) }))
    .min(1)
    .max(2)
    .refine((list) => new Set(list.map(({ failureType }) => failureType)).size === list.length, { error: 'Member must name each failureType once' })
    .refine((list) => list.length === 1 || list.every(({ failureType }) => failureType !== 'ALL'), { error: 'Member must have ALL alone' })
    .refine((list) => list.reduce((sum, { numberOfRetries }) => sum + numberOfRetries, 0) <= MAX_RETRIES, {
      error: `Member must have at most ${MAX_RETRIES} retries in all`,
    }),
})

const configMembers = {
  description: comment.optional(),
  presignedUrlConfig: presignedUrlConfig.optional(),
  jobExecutionsRolloutConfig: jobExecutionsRolloutConfig.optional(),
  abortConfig: abortConfig.optional(),
  timeoutConfig: timeoutConfig.optional(),
  jobExecutionsRetryConfig: jobExecutionsRetryConfig.optional(),
}

export const updateJobRequest = z.object(configMembers)

const targets = z.array(z.string().min(1).max(2048)).min(1)

/** The path member of most operations. */
export const jobIdMember = z.object({ jobId })

export const targetsMember = z.object({ targets })

export const createJobRequest = z.object({
  jobId,
  targets,
  document: z.string().optional(),
  documentSource: z.string().min(1).max(1350).optional(),
  targetSelection: z.enum(['SNAPSHOT', 'CONTINUOUS']).default('SNAPSHOT'),
  schedulingConfig: z
    .object({
      startTime: z.string().optional(),
      endTime: z.string().optional(),
      endBehavior: z.enum(['STOP_ROLLOUT', 'CANCEL', 'FORCE_CANCEL']).optional(),
    })
    .optional(),
  tags: z
    .array(z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256).default('') }))
    .max(MAX_TAGS)
    .optional(),
  ...configMembers,
})

export type CreateJobRequest = z.output<typeof createJobRequest>

/** Members of the model that change what a job does and are not done here: refused rather than taken silently. */
export const UNSUPPORTED_MEMBERS = ['jobTemplateArn', 'documentParameters', 'namespaceId', 'destinationPackageVersions'] as const

function hasDecimals(value: number, decimals: number): boolean {
  return Number(value.toFixed(decimals)) === value
}
