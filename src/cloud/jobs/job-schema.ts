import { z } from 'zod'

/** The members of CreateJob, UpdateJob and CreateJobTemplate, with the constraints of the service model (§3.4). */

const MAX_DESCRIPTION = 2028
const MAX_MINUTES = 10_080
const MAX_RETRIES = 10
const MAX_TAGS = 50
const MAX_PACKAGE_VERSIONS = 25
const MAX_WINDOW_MINUTES = 1430

const NO_CONTROL_CHARACTERS = /^[^\p{C}]+$/u

/** That of a job or a job template. */
export const id = z
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

/** Configurations that a job and a job template have alike. */
export const configMembers = {
  presignedUrlConfig: presignedUrlConfig.optional(),
  jobExecutionsRolloutConfig: jobExecutionsRolloutConfig.optional(),
  abortConfig: abortConfig.optional(),
  timeoutConfig: timeoutConfig.optional(),
  jobExecutionsRetryConfig: jobExecutionsRetryConfig.optional(),
}

export const updateJobRequest = z.object({ description: comment.optional(), ...configMembers })

export const documentMembers = {
  document: z.string().optional(),
  documentSource: z.string().min(1).max(1350).optional(),
}

export const tags = z
  .array(
    z.object({
      Key: z
        .string()
        .min(1)
        .max(128)
        .regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u),
      Value: z.string().max(256).default(''),
    }),
  )
  .max(MAX_TAGS)

const resourceArn = z
  .string()
  .min(1)
  .max(1600)
  .regex(/^arn:[!-~]+$/)

export const destinationPackageVersions = z.array(resourceArn).max(MAX_PACKAGE_VERSIONS)

export const maintenanceWindows = z
  .array(z.object({ startTime: z.string().min(1).max(256), durationInMinutes: z.int().min(1).max(MAX_WINDOW_MINUTES) }))
  .readonly()

const documentParameters = z.record(
  z
    .string()
    .min(1)
    .max(128)
    .regex(/^[a-zA-Z0-9_-]+$/),
  z.string().min(1).max(30_720).regex(NO_CONTROL_CHARACTERS),
)

const time = z.string().min(1).max(64)

const namespaceId = z.string().regex(/^[a-zA-Z0-9_-]+$/)

const targets = z.array(z.string().min(1).max(2048)).min(1)

/** The path member of most operations. */
export const jobIdMember = z.object({ jobId: id })

export const targetsMember = z.object({ targets })

export const createJobRequest = z.object({
  jobId: id,
  targets,
  ...documentMembers,
  jobTemplateArn: resourceArn.optional(),
  documentParameters: documentParameters.optional(),
  targetSelection: z.enum(['SNAPSHOT', 'CONTINUOUS']).default('SNAPSHOT'),
  schedulingConfig: z
    .object({
      startTime: time.optional(),
      endTime: time.optional(),
      endBehavior: z.enum(['STOP_ROLLOUT', 'CANCEL', 'FORCE_CANCEL']).optional(),
      maintenanceWindows: maintenanceWindows.optional(),
    })
    .optional(),
  description: comment.optional(),
  tags: tags.optional(),
  namespaceId: namespaceId.optional(),
  destinationPackageVersions: destinationPackageVersions.optional(),
  ...configMembers,
})

export type CreateJobRequest = z.output<typeof createJobRequest>

function hasDecimals(value: number, decimals: number): boolean {
  return Number(value.toFixed(decimals)) === value
}
