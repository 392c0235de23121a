import { AwsError } from '../../errors.ts'
import type { ObjectsView } from '../context.ts'
import { invalidRequest } from './constraints.ts'
import { DEFAULT_URL_EXPIRES_SEC, JobDocument, uploadUrl } from './job-document.ts'

const MAX_DOCUMENT_BYTES = 32_768

/** Stands for any execution, to see whether the URL of an upload can be signed. */
const SOME_EXECUTION = { job: { id: 'job' }, thing: { name: 'thing' }, number: 1 }

interface DocumentMembers {
  readonly document?: string | undefined
  readonly documentSource?: string | undefined
}

/** The text of the job document that a request gives or names. A source in S3 is read once, when the job or the template is created. */
export function documentText({ document, documentSource }: DocumentMembers, objects: ObjectsView): string {
  return document ?? sourceText(documentSource!, objects)
}

/** A document that fits and is JSON, or InvalidRequestException. */
export function checkedDocument(text: string, beforeSubstitution = text): JobDocument {
  const bytes = Buffer.byteLength(text)
  if (bytes > MAX_DOCUMENT_BYTES) throw invalidRequest(`The job document has ${bytes} bytes, at most ${MAX_DOCUMENT_BYTES} are allowed`)
  try {
    JSON.parse(text)
  } catch {
    throw invalidRequest('The job document is not valid JSON')
  }
  return new JobDocument(text, beforeSubstitution)
}

interface UrlConfig {
  readonly presignedUrlConfig?: { readonly roleArn?: string | undefined; readonly expiresInSec?: number | undefined } | undefined
}

/** Throws InvalidRequestException when the placeholders are wrong, or cannot be signed for want of a role. */
export function checkPlaceholders({ presignedUrlConfig }: UrlConfig, document: JobDocument): void {
  if (document.problem) throw invalidRequest(document.problem)
  if (document.placeholders.length > 0 && presignedUrlConfig?.roleArn === undefined)
    throw invalidRequest('presignedUrlConfig.roleArn must be given when the job document has presigned URL placeholders')
}

/** A URL that names no bucket and key is found when the job is created, not when the first device asks. */
export function checkUrls({ presignedUrlConfig }: UrlConfig, document: JobDocument, objects: ObjectsView): void {
  for (const { url, method } of document.placeholders) {
    try {
      objects.presign(uploadUrl(url, SOME_EXECUTION), presignedUrlConfig?.expiresInSec ?? DEFAULT_URL_EXPIRES_SEC, method)
    } catch (error) {
      throw error instanceof AwsError ? invalidRequest(`The placeholder for ${url} cannot be replaced: ${error.message}`) : error
    }
  }
}

function sourceText(url: string, objects: ObjectsView): string {
  const bytes = objects.read(url)
  if (!bytes) throw invalidRequest(`The job document cannot be read from ${url}`)
  return Buffer.from(bytes).toString()
}
