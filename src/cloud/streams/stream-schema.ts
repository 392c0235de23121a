import { z } from 'zod'

/** Members of the streams operations, with the constraints of the service model (§5.1). */

const MAX_MODEL_FILES = 50
const MAX_TAGS = 50

const streamId = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[a-zA-Z0-9_-]+$/)

const fileId = z.int().min(0).max(255)

export const description = z
  .string()
  .max(2028)
  .regex(/^[^\p{C}]+$/u)

export const roleArn = z.string().min(20).max(2048)

export const s3Location = z.object({ bucket: z.string().min(1), key: z.string().min(1), version: z.string().optional() })

/** A stream and one of its files, as an OTA update names them. */
export const streamReference = z.object({ streamId, fileId })

export const tagList = z.array(z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256).default('') })).max(MAX_TAGS)

const files = z.array(z.object({ fileId, s3Location })).min(1).max(MAX_MODEL_FILES)

export const streamIdMember = z.object({ streamId })

export const createStreamRequest = z.object({ streamId, description: description.optional(), files, roleArn, tags: tagList.optional() })

export const updateStreamRequest = z.object({ description: description.optional(), files: files.optional(), roleArn: roleArn.optional() })
