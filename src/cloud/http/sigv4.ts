import { createHash } from 'node:crypto'
import { AwsError } from '../../errors.ts'
import { canonicalRequest, parseAmzDate } from './canonical-request.ts'
import type { DoorRequest } from './door.ts'
import { PresignedUrls } from './presigned-urls.ts'
import type { PresignOptions } from './presigned-urls.ts'
import { ALGORITHM, parseCredential, sameSignature, SigningKeys, stringToSign } from './signing-keys.ts'
import type { Scope } from './signing-keys.ts'
import { isSigV2Url, verifySigV2Url } from './sigv2-url.ts'
import { signatureMismatch, skewed, unknownKey } from './sigv4-errors.ts'
import { verifyWebSocketUrl } from './websocket-signature.ts'

const MAX_SKEW_MS = 15 * 60_000

export interface SigV4Options {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Simulated time in milliseconds: the cloud's own presigned URLs live on it. */
  readonly now: () => number
  /** Real time in milliseconds: clients date the requests that they sign with it. */
  readonly wallNow: () => number
}

/** Signature Version 4 for one pair of credentials: verifies what arrives, signs the cloud's own URLs. */
export class SigV4 {
  readonly #options: SigV4Options
  readonly #keys: SigningKeys
  readonly #presigned: PresignedUrls

  constructor(options: SigV4Options) {
    this.#options = options
    this.#keys = new SigningKeys(options.secretAccessKey)
    this.#presigned = new PresignedUrls(options.accessKeyId, this.#keys, options)
  }

  /** Who signed, for which service and region; undefined when nobody did. Throws AwsError when the signature isn't good. */
  verify(request: DoorRequest): Scope | undefined {
    const known = this.#presigned.recall(request)
    if (known) return known
    if (request.url.includes('X-Amz-Signature=')) return this.#presigned.verify(request)
    const authorization = request.headers['authorization']
    if (authorization !== undefined) return this.#verifyHeader(request, authorization)
    return isSigV2Url(request.url) ? verifySigV2Url(request, this.#options, this.#options.wallNow()) : undefined
  }

  /** Who signed the URL of a WebSocket. Throws AwsError. */
  verifyWebSocket(request: DoorRequest): Scope {
    return verifyWebSocketUrl(request, this.#options.accessKeyId, this.#keys, this.#options.wallNow())
  }

  presign(options: PresignOptions): string {
    return this.#presigned.presign(options)
  }

  #verifyHeader(request: DoorRequest, authorization: string): Scope {
    const { scope, signedHeaders, signature } = parseAuthorization(authorization)
    if (scope.accessKeyId !== this.#options.accessKeyId) throw unknownKey(scope)
    const date = request.headers['x-amz-date'] ?? ''
    const signedAt = parseAmzDate(date)
    if (signedAt === undefined || !date.startsWith(scope.date)) throw incomplete("an X-Amz-Date such as 20260101T000000Z, of the credential's date")
    const now = this.#options.wallNow()
    if (Math.abs(signedAt - now) > MAX_SKEW_MS) throw skewed(scope, date, now)
    const canonical = canonicalRequest(request, { signedHeaders, payloadHash: payloadHash(request, scope), doubleEncoded: scope.service !== 's3' })
    const text = stringToSign(date, scope, canonical)
    if (!sameSignature(this.#keys.sign(scope, text), signature)) throw signatureMismatch(scope, signature, text, canonical)
    return scope
  }
}

function parseAuthorization(authorization: string): { scope: Scope; signedHeaders: string[]; signature: string } {
  const match = /^(\S+)\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]+)\s*$/.exec(authorization)
  const scope = match?.[1] === ALGORITHM ? parseCredential(match[2]!) : undefined
  if (!match || !scope) throw incomplete(`an Authorization of the form ${ALGORITHM} Credential=…, SignedHeaders=…, Signature=…`)
  return { scope, signedHeaders: match[3]!.split(';'), signature: match[4]! }
}

/** botocore sends no `x-amz-content-sha256` to services other than S3: the body itself is signed then. */
function payloadHash(request: DoorRequest, scope: Scope): string {
  const claimed = request.headers['x-amz-content-sha256']
  if (claimed === 'UNSIGNED-PAYLOAD' || claimed?.startsWith('STREAMING-')) return claimed
  const actual = createHash('sha256').update(request.body).digest('hex')
  if (claimed === undefined || claimed === actual) return actual
  const message = "The provided 'x-amz-content-sha256' header does not match what was computed."
  throw scope.service === 's3' ? new AwsError('XAmzContentSHA256Mismatch', 400, message) : new AwsError('InvalidSignatureException', 403, message)
}

function incomplete(expected: string): AwsError {
  return new AwsError('IncompleteSignatureException', 400, `The signature is not complete: expected ${expected}.`)
}
