import { z } from 'zod'
import { description, roleArn, s3Location, streamReference, tagList } from '../streams/stream-schema.ts'

/** Members of the OTA update operations, with the constraints of the service model (§5.1). What goes into the job is checked as CreateJob checks it. */

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

export const OTA_UPDATE_STATUSES = [
  'CREATE_PENDING',
  'CREATE_IN_PROGRESS',
  'CREATE_COMPLETE',
  'CREATE_FAILED',
  'DELETE_IN_PROGRESS',
  'DELETE_FAILED',
] as const

const otaUpdateId = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[a-zA-Z0-9_-]+$/)

const attributes = z.record(z.string(), z.string().max(4096))

const startSigningJobParameter = z.object({
  signingProfileParameter: z
    .object({ certificateArn: z.string().optional(), platform: z.string().optional(), certificatePathOnDevice: z.string().optional() })
    .optional(),
  signingProfileName: z.string().optional(),
  destination: z.object({ s3Destination: z.object({ bucket: z.string().min(1).optional(), prefix: z.string().optional() }).optional() }).optional(),
})

const customCodeSigning = z.object({
  signature: z.object({ inlineDocument: z.string().min(1).regex(BASE64) }),
  certificateChain: z.object({ certificateName: z.string().optional(), inlineDocument: z.string().optional() }).optional(),
  hashAlgorithm: z.string().min(1),
  signatureAlgorithm: z.string().min(1),
})

const codeSigning = z
  .object({
    awsSignerJobId: z.string().optional(),
    startSigningJobParameter: startSigningJobParameter.optional(),
    customCodeSigning: customCodeSigning.optional(),
  })
  .refine((kinds) => Object.values(kinds).filter((kind) => kind !== undefined).length === 1, {
    error: 'Member must have exactly one of awsSignerJobId, startSigningJobParameter and customCodeSigning',
  })

const fileLocation = z
  .object({ stream: streamReference.optional(), s3Location: s3Location.optional() })
  .refine(({ stream, s3Location: object }) => (stream === undefined) !== (object === undefined), {
    error: 'Member must have exactly one of stream and s3Location',
  })

const file = z.object({
  fileName: z.string().optional(),
  fileType: z.int().min(0).max(255).optional(),
  fileVersion: z.string().optional(),
  fileLocation,
  codeSigning: codeSigning.optional(),
  attributes: attributes.optional(),
})

const protocols = z
  .array(z.enum(['MQTT', 'HTTP']))
  .min(1)
  .max(2)
  .refine((list) => new Set(list).size === list.length, { error: 'Member must name each protocol once' })

const files = z
  .array(file)
  .min(1)
  .refine((list) => new Set(list.map(({ fileLocation: { stream } }) => stream?.streamId)).size === 1, {
    error: 'Member must have all files in one stream, or all in S3: a job document names one stream',
  })

export const otaUpdateIdMember = z.object({ otaUpdateId })

export const createOtaUpdateRequest = z.object({
  otaUpdateId,
  description: description.optional(),
  targets: z.array(z.string()).min(1),
  protocols: protocols.default(['MQTT']),
  targetSelection: z.enum(['SNAPSHOT', 'CONTINUOUS']).default('SNAPSHOT'),
  awsJobExecutionsRolloutConfig: z.record(z.string(), z.unknown()).optional(),
  awsJobPresignedUrlConfig: z.object({ expiresInSec: z.int().min(60).max(3600).optional() }).optional(),
  awsJobAbortConfig: z.object({ abortCriteriaList: z.array(z.unknown()).min(1) }).optional(),
  awsJobTimeoutConfig: z.record(z.string(), z.unknown()).optional(),
  files,
  roleArn,
  additionalParameters: attributes.optional(),
  tags: tagList.optional(),
})

export type CreateOtaUpdateRequest = z.output<typeof createOtaUpdateRequest>
