import { AwsError } from '../../errors.ts'
import type { OperationRequest } from '../http/operation.ts'

const MAX_CLIENT_ID_LENGTH = 128

/** The client id in a path, or InvalidRequestException. */
export function clientIdOf({ params }: OperationRequest): string {
  const clientId = params['clientId']!
  if (clientId.startsWith('$')) throw invalidRequest('A client id cannot begin with $')
  if (clientId.length > MAX_CLIENT_ID_LENGTH) throw invalidRequest(`A client id has at most ${MAX_CLIENT_ID_LENGTH} characters`)
  return clientId
}

/** A flag of the query, false when absent. */
export function flag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name)
  if (text === null || text.toLowerCase() === 'false') return false
  if (text.toLowerCase() === 'true') return true
  throw invalidRequest(`${name} must be true or false`)
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', 400, message)
}

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', 404, message)
}
