import { AwsError } from '../../errors.ts'

export const invalidRequest = (message: string) => new AwsError('InvalidRequestException', 400, message)

export const notFound = (what: string) => new AwsError('ResourceNotFoundException', 404, `${what} does not exist.`)

export const versionConflict = (expected: number, actual: number) =>
  new AwsError('VersionConflictException', 409, `The expected version ${expected} is not the current one, ${actual}.`)

export const limitExceeded = (message: string) => new AwsError('LimitExceededException', 410, message)

/** `differing` says what the existing resource has that this request hasn't: repeating a request word for word is no error. */
export const alreadyExists = (what: string, differing: string, id: string, arn: string) =>
  new AwsError('ResourceAlreadyExistsException', 409, `${what} already exists with different ${differing}.`, { resourceId: id, resourceArn: arn })
