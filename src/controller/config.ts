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

const path = (about: string) => z.string().min(1).max(255).describe(about)

/** How the file of an OTA update is signed: one of AWS's three ways, in AWS's words. */
const codeSigning = z.union([
  z.strictObject({
    customCodeSigning: z
      .strictObject({
        hashAlgorithm: z.literal('SHA256').default('SHA256').describe('What is signed.'),
        signatureAlgorithm: z.enum(['ECDSA', 'RSA']).default('ECDSA').describe('The key of the run: P-256, or 2048 bits.'),
        certificateName: path('Where devices have the certificate.').default('codesigner.crt'),
      })
      .describe('Signed by the run itself, with a key that its devices know.'),
  }),
  z.strictObject({
    startSigningJobParameter: z
      .strictObject({
        signingProfileName: z
          .string()
          .regex(/^[a-zA-Z0-9_]{2,64}$/)
          .describe('A profile of AWS Signer; the embedded cloud makes one of this name.'),
        signingProfileParameter: z
          .strictObject({
            certificateArn: z.string().optional().describe('The certificate of the profile.'),
            platform: z.string().optional().describe('The platform that it signs for: AmazonFreeRTOS-Default when it is left out.'),
            certificatePathOnDevice: path('Where devices have the certificate.').default('codesigner.crt'),
          })
          .prefault({})
          .describe('What a profile is made with.'),
        destination: z
          .strictObject({
            s3Destination: z.strictObject({ prefix: z.string().describe('Before the name of the signed object.') }).describe('A place in S3.'),
          })
          .optional()
          .describe('Where the signed object goes, in the bucket of the run.'),
      })
      .describe('Signed by a signing profile when the update is made.'),
    certificate: z.string().optional().describe('A PEM file with what devices verify by, relative to the scenario. The embedded cloud knows it.'),
  }),
  z.strictObject({
    awsSignerJobId: z.string().min(1).describe('A signing job that is done. It signs other bytes than those of a seeded image.'),
    certificate: z.string().describe('A PEM file with what devices verify by, relative to the scenario.'),
    certificateName: path('Where devices have the certificate: the profile of the job says so.'),
  }),
])

const otaUpdateConfig = z.strictObject({
  targets: z.array(z.string()).min(1).describe('Groups of the fleet.'),
  image: z.string().describe('An image of the scenario.'),
  description: z.string().max(2028).optional().describe('Free text, kept with the update.'),
  protocols: z
    .array(z.enum(['MQTT', 'HTTP']))
    .min(1)
    .max(2)
    .refine((list) => new Set(list).size === list.length, { error: 'each protocol once' })
    .default(['MQTT'])
    .describe('What devices may fetch the file by: MQTT, HTTP or both.'),
  targetSelection: z
    .enum(['SNAPSHOT', 'CONTINUOUS'])
    .default('SNAPSHOT')
    .describe('A CONTINUOUS update never completes: it ends when it is canceled.'),
  awsJobExecutionsRolloutConfig: jobExecutionsRolloutConfig.optional().describe('How fast devices are notified. 1000 a minute when it is left out.'),
  awsJobPresignedUrlConfig: z
    .strictObject({ expiresInSec: z.int().min(60).max(3600).default(1800).describe('How long a download URL is good for, in seconds.') })
    .optional()
    .describe('The download URL that a device gets with its job, for HTTP.'),
  awsJobAbortConfig: z.strictObject({ abortCriteriaList: abortConfig.shape.criteriaList }).optional().describe('When the rollout stops itself.'),
  awsJobTimeoutConfig: timeoutConfig.optional().describe('How long a device may take. No limit when it is left out.'),
  file: z
    .strictObject({
      fileName: z.string().min(1).default('firmware.bin').describe('Its path on the device.'),
      fileType: z.int().min(0).max(255).optional().describe('A number for the device, in its job document.'),
      fileVersion: z.string().optional().describe('Free text, kept with the update. The version of the image when it is left out.'),
      fileLocation: z
        .enum(['s3Location', 'stream'])
        .default('s3Location')
        .describe('The object in its version, or a stream that the run makes of it.'),
      codeSigning: codeSigning.optional().describe('Who signs it: the run, with ECDSA, when it is left out.'),
      attributes: z.record(z.string(), z.string().max(4096)).optional().describe('Names and values, kept with the update.'),
    })
    .prefault({})
    .describe('What CreateOTAUpdate says of the image, as the one entry of its files.'),
  additionalParameters: z.record(z.string(), z.string().max(4096)).optional().describe('Names and values, kept with the update.'),
  tags: z
    .array(z.strictObject({ Key: z.string().min(1).max(128).describe('Its name.'), Value: z.string().max(256).optional().describe('Its value.') }))
    .max(49)
    .optional()
    .describe('Tags of the update; the run adds its own.'),
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

const cancel = z
  .strictObject({
    at: duration().describe('After the rollout started.'),
    force: z.boolean().default(false).describe('Cancels the executions of devices at work, too.'),
  })
  .optional()
  .describe('An operator who stops the rollout by hand.')

export const rolloutConfig = z.union([
  z.strictObject({ job: jobConfig.describe('An AWS IoT job: CreateJob field for field, the document comes from the image.'), ...pace, cancel }),
  z.strictObject({
    otaUpdate: otaUpdateConfig.describe('An OTA update for FreeRTOS: CreateOTAUpdate field for field, with the image as its file.'),
    ...pace,
    cancel,
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
export type OtaUpdateConfig = z.output<typeof otaUpdateConfig>
export type CodeSigningConfig = z.output<typeof codeSigning>
export type RolloutConfig = z.output<typeof rolloutConfig>

/** How the file of an update is signed, said or not. */
export function codeSigningOf({ file }: OtaUpdateConfig): CodeSigningConfig {
  return file.codeSigning ?? codeSigning.parse({ customCodeSigning: {} })
}

/** What a rollout rolls out and to whom, whatever it rolls out by. */
export function contentOf(rollout: RolloutConfig): { readonly image: string; readonly targets: readonly string[] } {
  if ('job' in rollout) return rollout.job
  if ('oltInstallation' in rollout) return rollout.oltInstallation
  return 'otaUpdate' in rollout ? rollout.otaUpdate : rollout.firmwareImage
}

/** How the AWS IoT job of a rollout proceeds, in the words of CreateJob. */
export type JobPolicy = Pick<
  JobConfig,
  'targetSelection' | 'jobExecutionsRolloutConfig' | 'abortConfig' | 'timeoutConfig' | 'jobExecutionsRetryConfig'
>

/** Undefined when a rollout has no job. That of an OTA update has no retries. */
export function jobPolicyOf(rollout: RolloutConfig): JobPolicy | undefined {
  if ('job' in rollout) return rollout.job
  if (!('otaUpdate' in rollout)) return undefined
  const { targetSelection, awsJobExecutionsRolloutConfig, awsJobAbortConfig, awsJobTimeoutConfig } = rollout.otaUpdate
  return {
    targetSelection,
    jobExecutionsRolloutConfig: awsJobExecutionsRolloutConfig,
    abortConfig: awsJobAbortConfig && { criteriaList: awsJobAbortConfig.abortCriteriaList },
    timeoutConfig: awsJobTimeoutConfig,
  }
}

function oneDecimal(value: number): boolean {
  return Number(value.toFixed(1)) === value
}

function twoDecimals(value: number): boolean {
  return Number(value.toFixed(2)) === value
}
