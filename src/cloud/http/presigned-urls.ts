import { AwsError } from '../../errors.ts'
import { amzDate, canonicalRequest, parseAmzDate, uriDecode, uriEncode } from './canonical-request.ts'
import type { DoorRequest } from './door.ts'
import { ALGORITHM, parseCredential, sameSignature, scopeText, stringToSign } from './signing-keys.ts'
import type { Scope, SigningKeys } from './signing-keys.ts'
import { signatureMismatch, unknownKey } from './sigv4-errors.ts'

/** A fleet fetches through few URLs at a time: one for each second in which jobs signed them. */
const MAX_VERIFIED = 4096
const MAX_EXPIRES_SECONDS = 604_800
const MAX_FUTURE_MS = 15 * 60_000

/** Jobs sign with the credentials of a role, so real URLs carry a session token. Here it also marks the URLs that live on simulated time. */
const ROLE_SESSION_TOKEN = 'fleetsim-role'

export interface PresignedClocks {
  /** Simulated time in milliseconds. */
  readonly now: () => number
  readonly wallNow: () => number
}

/**
 * Signs and verifies S3 URLs with a signature in the query.
 *
 * A URL that the cloud signed itself (known by its signed session token) is valid on simulated time. A URL that a client signed carries the time of
 * that client's clock, which is the wall clock for the AWS CLI and SDKs and may be the simulated one for a controller; it is valid on the clock
 * to which its date is nearer.
 */
export class PresignedUrls {
  readonly #accessKeyId: string
  readonly #keys: SigningKeys
  readonly #clocks: PresignedClocks
  readonly #verified = new Map<string, Presigned>()

  constructor(accessKeyId: string, keys: SigningKeys, clocks: PresignedClocks) {
    this.#accessKeyId = accessKeyId
    this.#keys = keys
    this.#clocks = clocks
  }

  /** The scope of a URL that the cloud signed itself or verified before, undefined for any other; throws AwsError when it isn't valid now. */
  recall(request: DoorRequest): Scope | undefined {
    const known = this.#verified.get(request.url)
    if (!known || known.method !== request.method || known.host !== request.headers['host']) return undefined
    this.#checkTime(known)
    return known.scope
  }

  /** Returns the scope that the URL was signed for; throws AwsError when it isn't valid now. */
  verify(request: DoorRequest): Scope {
    const presigned = this.#verifyOnce(request)
    this.#checkTime(presigned)
    return presigned.scope
  }

  /** `${origin}${path}?X-Amz-…`; `path` is percent-encoded already, as `uriEncode` does. The same second gives the same text. */
  presign({ method, origin, path, versionId, region, expiresInSec }: PresignOptions): string {
    const signedAtMs = this.#clocks.now()
    const date = amzDate(signedAtMs)
    const scope = { accessKeyId: this.#accessKeyId, date: date.slice(0, 8), region, service: 's3' }
    const credential = uriEncode(`${this.#accessKeyId}/${scopeText(scope)}`)
    const version = versionId === undefined ? '' : `&versionId=${uriEncode(versionId)}`
    // The members are in the order of the canonical request, and encoded as there.
    const query =
      `X-Amz-Algorithm=${ALGORITHM}&X-Amz-Credential=${credential}&X-Amz-Date=${date}&X-Amz-Expires=${expiresInSec}` +
      `&X-Amz-Security-Token=${ROLE_SESSION_TOKEN}&X-Amz-SignedHeaders=host${version}`
    const { host } = new URL(origin)
    const canonical = `${method}\n${path}\n${query}\nhost:${host}\n\nhost\n${UNSIGNED}`
    const url = `${path}?${query}&X-Amz-Signature=${this.#keys.sign(scope, stringToSign(date, scope, canonical))}`
    // To the second, as its text says.
    const presigned = { method, host, scope, signedAtMs: Math.floor(signedAtMs / 1000) * 1000, expiresSeconds: expiresInSec, own: true }
    if (method === 'GET' && expiresInSec <= MAX_EXPIRES_SECONDS) this.#remember(url, presigned)
    return `${origin}${url}`
  }

  #verifyOnce(request: DoorRequest): Presigned {
    const members = queryMembers(request.url)
    const presigned = this.#parse(request, members)
    const signedHeaders = members['X-Amz-SignedHeaders']!.split(';')
    const payloadHash = request.headers['x-amz-content-sha256'] ?? members['X-Amz-Content-Sha256'] ?? UNSIGNED
    const canonical = canonicalRequest(request, { signedHeaders, payloadHash, doubleEncoded: false })
    const text = stringToSign(members['X-Amz-Date']!, presigned.scope, canonical)
    const signature = members['X-Amz-Signature']!
    if (!sameSignature(this.#keys.sign(presigned.scope, text), signature)) throw signatureMismatch(presigned.scope, signature, text, canonical)
    // Only what depends on nothing but method, host and URL can be remembered.
    if (signedHeaders.length === 1 && payloadHash === UNSIGNED) this.#remember(request.url, presigned)
    return presigned
  }

  #parse(request: DoorRequest, members: Readonly<Record<string, string>>): Presigned {
    const scope = parseCredential(members['X-Amz-Credential'] ?? '')
    const signedAtMs = parseAmzDate(members['X-Amz-Date'] ?? '')
    const expiresSeconds = Number(members['X-Amz-Expires'])
    if (members['X-Amz-Algorithm'] !== ALGORITHM) throw badQuery(`X-Amz-Algorithm only supports "${ALGORITHM}"`)
    if (!scope || scope.service !== 's3')
      throw badQuery('Error parsing the X-Amz-Credential parameter; expected <key id>/<date>/<region>/s3/aws4_request')
    if (signedAtMs === undefined) throw badQuery("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
    if (!members['X-Amz-SignedHeaders']?.split(';').includes('host')) throw badQuery('X-Amz-SignedHeaders must name the host header')
    if (!members['X-Amz-Signature']) throw badQuery('X-Amz-Signature is missing')
    if (!Number.isInteger(expiresSeconds)) throw badQuery('X-Amz-Expires should be a number')
    if (expiresSeconds < 0) throw badQuery('X-Amz-Expires must be non-negative')
    if (expiresSeconds > MAX_EXPIRES_SECONDS) throw badQuery(`X-Amz-Expires must be less than a week (in seconds) that is ${MAX_EXPIRES_SECONDS}`)
    if (scope.accessKeyId !== this.#accessKeyId) throw unknownKey(scope)
    const own = members['X-Amz-Security-Token'] === ROLE_SESSION_TOKEN
    return { method: request.method, host: request.headers['host'] ?? '', scope, signedAtMs, expiresSeconds, own }
  }

  #remember(url: string, presigned: Presigned): void {
    if (this.#verified.size >= MAX_VERIFIED) {
      for (const oldest of this.#verified.keys()) {
        this.#verified.delete(oldest)
        break
      }
    }
    this.#verified.set(url, presigned)
  }

  #checkTime({ signedAtMs, expiresSeconds, own }: Presigned): void {
    const simulated = this.#clocks.now()
    const now = own ? simulated : nearer(signedAtMs, simulated, this.#clocks.wallNow())
    if (signedAtMs > now + MAX_FUTURE_MS) throw new AwsError('AccessDenied', 403, 'Request is not valid yet')
    const expiresMs = signedAtMs + expiresSeconds * 1000
    if (now <= expiresMs) return
    throw new AwsError('AccessDenied', 403, 'Request has expired', {
      'X-Amz-Expires': String(expiresSeconds),
      Expires: isoSeconds(expiresMs),
      ServerTime: isoSeconds(now),
    })
  }
}

export interface PresignOptions {
  readonly method: 'GET' | 'PUT'
  /** `http://127.0.0.1:4610`. */
  readonly origin: string
  readonly path: string
  readonly versionId?: string | undefined
  readonly region: string
  readonly expiresInSec: number
}

interface Presigned {
  readonly method: string
  readonly host: string
  readonly scope: Scope
  readonly signedAtMs: number
  readonly expiresSeconds: number
  /** Signed by the cloud itself. */
  readonly own: boolean
}

const UNSIGNED = 'UNSIGNED-PAYLOAD'

/** The decoded `X-Amz-…` members of a signed URL. */
export function queryMembers(url: string): Record<string, string> {
  const members: Record<string, string> = {}
  for (const pair of url.slice(url.indexOf('?') + 1).split('&')) {
    const equals = pair.indexOf('=')
    if (equals > 0 && pair.startsWith('X-Amz-')) members[pair.slice(0, equals)] = uriDecode(pair.slice(equals + 1))
  }
  return members
}

function nearer(date: number, a: number, b: number): number {
  return Math.abs(date - a) <= Math.abs(date - b) ? a : b
}

function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

function badQuery(message: string): AwsError {
  return new AwsError('AuthorizationQueryParametersError', 400, message)
}
