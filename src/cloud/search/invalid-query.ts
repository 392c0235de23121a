import { AwsError } from '../../errors.ts'

export function invalidQuery(message: string): AwsError {
  return new AwsError('InvalidQueryException', 400, message)
}
