import { z } from 'zod'
import { duration } from '../units.ts'

/** Rollouts of a scenario. `job:` is CreateJob field for field, except that targets are fleet groups and the document comes from the image. */

const count = () => z.int().min(1)

/** AWS: at most one decimal, 1.1 to 5. */
const incrementFactor = z.number().min(1.1).max(5).refine(oneDecimal, { error: 'a number with at most one decimal' })

/** AWS: at most two decimals, above 0, at most 100. */
const thresholdPercentage = z.number().gt(0).max(100).refine(twoDecimals, { error: 'a number with at most two decimals' })

export const jobExecutionsRolloutConfig = z.strictObject({
  maximumPerMinute: z.int().min(1).max(1000).optional().describe('Most devices that are notified in a minute. AWS takes 1000 when it is left out.'),
  exponentialRate: z
    .strictObject({
      baseRatePerMinute: z.int().min(1).max(1000).describe('Devices a minute at the start.'),
      incrementFactor: incrementFactor.describe('What each step multiplies the rate by; at most one decimal.'),
      rateIncreaseCriteria: z
        .strictObject({
          numberOfNotifiedThings: count().optional().describe('A step for every so many devices notified.'),
          numberOfSucceededThings: count().optional().describe('A step for every so many devices that succeeded.'),
        })
        .refine((criteria) => criteria.numberOfNotifiedThings !== undefined || criteria.numberOfSucceededThings !== undefined, {
          error: 'numberOfNotifiedThings or numberOfSucceededThings',
        })
        .describe('When the rate goes up a step. With both, whichever comes first.'),
    })
    .optional()
    .describe('Starts slowly and speeds up as devices are notified or succeed.'),
})

export const abortConfig = z.strictObject({
  criteriaList: z
    .array(
      z.strictObject({
        failureType: z.enum(['FAILED', 'REJECTED', 'TIMED_OUT', 'ALL']).describe('Which ends count as failures; ALL is any of the three.'),
        action: z.literal('CANCEL').describe('The rollout stops; devices at work go on.'),
        thresholdPercentage: thresholdPercentage.describe('Failures among the finished devices, in percent; at most two decimals.'),
        minNumberOfExecutedThings: count().describe('Finished devices before the rule applies.'),
      }),
    )
    .min(1)
    .describe('Rules in order; the first that applies cancels the job.'),
})

const timeoutConfig = z.strictObject({
  inProgressTimeoutInMinutes: z.int().min(1).max(10_080).describe('A device that takes longer once it has started counts as TIMED_OUT.'),
})

const jobExecutionsRetryConfig = z.strictObject({
  criteriaList: z
    .array(
      z.strictObject({
        failureType: z.enum(['FAILED', 'TIMED_OUT', 'ALL']).describe('What is tried again; ALL is both and stands alone.'),
        numberOfRetries: z.int().min(0).max(10).describe('At most 10 in all.'),
      }),
    )
    .min(1)
    .max(2)
    .describe('One rule for each kind of failure.'),
})

const jobConfig = z.strictObject({
  targets: z.array(z.string()).min(1).describe('Groups of the fleet.'),
  image: z.string().describe('An image of the scenario.'),
  description: z.string().max(2028).optional().describe('Free text, kept with the job.'),
  targetSelection: z.enum(['SNAPSHOT', 'CONTINUOUS']).default('SNAPSHOT').describe('A CONTINUOUS job never completes: it ends when it is canceled.'),
  jobExecutionsRolloutConfig: jobExecutionsRolloutConfig.optional().describe('How fast devices are notified. 1000 a minute when it is left out.'),
  abortConfig: abortConfig.optional().describe('When the rollout stops itself.'),
  timeoutConfig: timeoutConfig.optional().describe('How long a device may take. No limit when it is left out.'),
  jobExecutionsRetryConfig: jobExecutionsRetryConfig.optional().describe('Which failures are tried again. None when it is left out.'),
  presignedUrlConfig: z
    .strictObject({ expiresInSec: z.int().min(60).max(3600).default(3600).describe('How long a download URL is good for, in seconds.') })
    .prefault({})
    .describe('The download URL that a device gets with its job.'),
  upparat: z
    .strictObject({
      meta: z.string().max(1024).optional().describe('Text that the hooks of the device get as an argument.'),
      force: z.boolean().default(false).describe('Installs whatever runs, and without asking whether a download is allowed.'),
    })
    .optional()
    .describe('What the document of a job for Upparat devices says besides version and file.'),
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
  confirmReceipt: z
    .boolean()
    .default(true)
    .describe('The flag `confirm_receipt` of the message. A gateway confirms whatever it says, unless it is `strict`.'),
  waitForReceipt: duration()
    .optional()
    .describe('The next gateway is told once the one before has confirmed its receipt, or after this time. Left out: nobody waits.'),
  deadline: duration().prefault('2h').describe('Gators that do not run the image by then count as timed out.'),
})

const oltInstallationConfig = z.strictObject({
  targets: z.array(z.string()).min(1).describe('Groups of field devices behind OLT gateways.'),
  image: z.string().describe('An image of the scenario.'),
  slot: z
    .string()
    .regex(/^[a-zA-Z0-9_]{1,255}$/)
    .default('firmware')
    .describe('The slot of the devices that it goes into.'),
  perMinute: z
    .int()
    .min(1)
    .max(60_000)
    .default(60)
    .describe('How many installations the controller asks for in a minute; the platform itself has no pacing.'),
  deadline: duration()
    .prefault('2h')
    .describe('Installations that have not ended by then count as timed out. The platform has no cancel: a device may still install afterwards.'),
})

const pace = { at: duration().prefault('0s').describe('When it starts, after the start of the run.') }

export const rolloutConfig = z.union([
  z.strictObject({
    job: jobConfig.describe('An AWS IoT job: CreateJob field for field, the document comes from the image.'),
    ...pace,
    cancel: z
      .strictObject({
        at: duration().describe('After the rollout started.'),
        force: z.boolean().default(false).describe('Cancels the executions of devices at work, too.'),
      })
      .optional()
      .describe('An operator who stops the rollout by hand.'),
  }),
  z.strictObject({ firmwareImage: firmwareImageConfig.describe('A firmware_image message to each SCARECRO gateway of the targets.'), ...pace }),
  z.strictObject({
    oltInstallation: oltInstallationConfig.describe('Installations on the OLT platform, one for each device. Only with the embedded cloud.'),
    ...pace,
  }),
])

export type JobConfig = z.output<typeof jobConfig>
export type FirmwareImageConfig = z.output<typeof firmwareImageConfig>
export type OltInstallationConfig = z.output<typeof oltInstallationConfig>
export type RolloutConfig = z.output<typeof rolloutConfig>

/** What a rollout rolls out and to whom, whatever it rolls out by. */
export function contentOf(rollout: RolloutConfig): { readonly image: string; readonly targets: readonly string[] } {
  if ('job' in rollout) return rollout.job
  return 'oltInstallation' in rollout ? rollout.oltInstallation : rollout.firmwareImage
}

function oneDecimal(value: number): boolean {
  return Number(value.toFixed(1)) === value
}

function twoDecimals(value: number): boolean {
  return Number(value.toFixed(2)) === value
}
