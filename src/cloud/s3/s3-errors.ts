import { AwsError } from '../../errors.ts'

export const noSuchBucket = (bucket: string) => new AwsError('NoSuchBucket', 404, 'The specified bucket does not exist', { BucketName: bucket })

export const noSuchKey = (key: string) => new AwsError('NoSuchKey', 404, 'The specified key does not exist.', { Key: key })

export const noSuchVersion = (key: string, versionId: string) =>
  new AwsError('NoSuchVersion', 404, 'The specified version does not exist.', { Key: key, VersionId: versionId })

export const noSuchUpload = (uploadId: string) => new AwsError('NoSuchUpload', 404, 'The specified upload does not exist.', { UploadId: uploadId })

export const invalidArgument = (message: string, name: string, value: string) =>
  new AwsError('InvalidArgument', 400, message, { ArgumentName: name, ArgumentValue: value })

export const invalidRequest = (message: string) => new AwsError('InvalidRequest', 400, message)

export const malformedXml = () =>
  new AwsError('MalformedXML', 400, 'The XML you provided was not well-formed or did not validate against our schema.')

export const notImplemented = (what: string) => new AwsError('NotImplemented', 501, `The embedded cloud does not have ${what}.`)

export const methodNotAllowed = (method: string) =>
  new AwsError('MethodNotAllowed', 405, 'The specified method is not allowed against this resource.', { Method: method })

export const internalError = () => new AwsError('InternalError', 500, 'We encountered an internal error. Please try again.')
