import { AwsError } from '../../errors.ts'
import type { Scope } from './signing-keys.ts'

/** S3 and the JSON services say the same things with different words. */

export function unknownKey(scope: Scope): AwsError {
  if (scope.service !== 's3') return new AwsError('UnrecognizedClientException', 403, 'The security token included in the request is invalid.')
  return new AwsError('InvalidAccessKeyId', 403, 'The AWS Access Key Id you provided does not exist in our records.', {
    AWSAccessKeyId: scope.accessKeyId,
  })
}

export function signatureMismatch(scope: Scope, signature: string, stringToSign: string, canonicalRequest: string): AwsError {
  const message = 'The request signature we calculated does not match the signature you provided. Check your key and signing method.'
  if (scope.service !== 's3') return new AwsError('InvalidSignatureException', 403, message)
  return new AwsError('SignatureDoesNotMatch', 403, message, {
    AWSAccessKeyId: scope.accessKeyId,
    StringToSign: stringToSign,
    SignatureProvided: signature,
    StringToSignBytes: hexBytes(stringToSign),
    CanonicalRequest: canonicalRequest,
    CanonicalRequestBytes: hexBytes(canonicalRequest),
  })
}

export function skewed(scope: Scope, requestTime: string, serverMs: number): AwsError {
  const serverTime = new Date(serverMs).toISOString()
  if (scope.service !== 's3') {
    return new AwsError(
      'InvalidSignatureException',
      403,
      `Signature not within 15 minutes of the server's time: ${requestTime} against ${serverTime}`,
    )
  }
  return new AwsError('RequestTimeTooSkewed', 403, 'The difference between the request time and the current time is too large.', {
    RequestTime: requestTime,
    ServerTime: serverTime,
    MaxAllowedSkewMilliseconds: '900000',
  })
}

function hexBytes(text: string): string {
  return [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
}
