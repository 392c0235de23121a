import { AwsError } from '../../errors.ts'
import { canonicalRequest, parseAmzDate } from './canonical-request.ts'
import type { DoorRequest } from './door.ts'
import { queryMembers } from './presigned-urls.ts'
import { ALGORITHM, parseCredential, sameSignature, stringToSign } from './signing-keys.ts'
import type { Scope, SigningKeys } from './signing-keys.ts'
import { signatureMismatch, unknownKey } from './sigv4-errors.ts'

const SERVICE = 'iotdevicegateway'
/** Of a URL that doesn't say how long it lives, and of clocks that are wrong. */
const MAX_SKEW_MS = 15 * 60_000
const MAX_EXPIRES_SECONDS = 604_800
const EMPTY_BODY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
/** A session token may be signed with the rest, or appended afterwards (guide: WebSocket, signing). */
const TOKEN = /&X-Amz-Security-Token=[^&]*/

/** The scope that the URL of a WebSocket was signed for (`/mqtt?X-Amz-…`, service `iotdevicegateway`). Throws AwsError when it isn't good now. */
export function verifyWebSocketUrl(request: DoorRequest, accessKeyId: string, keys: SigningKeys, nowMs: number): Scope {
  const members = queryMembers(request.url)
  const scope = parseCredential(members['X-Amz-Credential'] ?? '')
  const date = members['X-Amz-Date'] ?? ''
  const signedAtMs = parseAmzDate(date)
  const expiresSeconds = Number(members['X-Amz-Expires'] ?? MAX_SKEW_MS / 1000)
  const signature = members['X-Amz-Signature'] ?? ''
  const signedHeaders = (members['X-Amz-SignedHeaders'] ?? '').split(';')
  if (members['X-Amz-Algorithm'] !== ALGORITHM || !scope || scope.service !== SERVICE || signedAtMs === undefined || !signedHeaders.includes('host'))
    throw new AwsError('IncompleteSignatureException', 403, `The URL is not signed with ${ALGORITHM} for ${SERVICE}.`)
  if (scope.accessKeyId !== accessKeyId) throw unknownKey(scope)
  const isDue = signedAtMs - MAX_SKEW_MS <= nowMs && nowMs <= signedAtMs + expiresSeconds * 1000
  if (!isDue || !(expiresSeconds <= MAX_EXPIRES_SECONDS))
    throw new AwsError('InvalidSignatureException', 403, 'The signature of the URL has expired.')
  const readings = [request.url, request.url.replace(TOKEN, '')].map((url) =>
    canonicalRequest({ ...request, url }, { signedHeaders, payloadHash: EMPTY_BODY, doubleEncoded: true }),
  )
  const isGood = readings.some((canonical) => sameSignature(keys.sign(scope, stringToSign(date, scope, canonical)), signature))
  if (!isGood) throw signatureMismatch(scope, signature, '', '')
  return scope
}
