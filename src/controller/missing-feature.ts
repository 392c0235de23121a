import { UserError } from '../errors.ts'

/** How AWS-compatible clouds say that they don't have an operation: by a status, or by a name, since most of them answer everything unknown with 404. */
const STATUSES = [405, 501]
const NAMES = [
  'NotImplemented',
  'NotImplementedException',
  'InternalFailure',
  'InvalidAction',
  'UnknownOperationException',
  'UnsupportedOperation',
  'MethodNotAllowed',
  'UnknownError',
  'MissingAuthenticationTokenException',
]

/** Whether an operation failed because the cloud doesn't have it, rather than because of what was asked. */
export function isMissingFeature(error: unknown): boolean {
  const cause = error instanceof UserError ? error.cause : error
  if (!(cause instanceof Error)) return false
  const status = (cause as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
  if (status !== undefined && STATUSES.includes(status)) return true
  // A body that is no JSON or XML at all: a web server's own page.
  if (cause instanceof SyntaxError) return true
  return NAMES.includes(cause.name) || (status === 404 && !/NotFound|NoSuch/.test(cause.name))
}
