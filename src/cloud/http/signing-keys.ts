import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { Buffer } from 'node:buffer'

export const ALGORITHM = 'AWS4-HMAC-SHA256'

/** A run spans few dates, regions and services. */
const MAX_KEYS = 64

/** What a signature is good for: the `date/region/service/aws4_request` part of a credential. */
export interface Scope {
  readonly accessKeyId: string
  /** `20260101`. */
  readonly date: string
  readonly region: string
  readonly service: string
}

/** Derives the signing keys of one secret, once for each scope. */
export class SigningKeys {
  readonly #secret: string
  readonly #keys = new Map<string, Buffer>()

  constructor(secretAccessKey: string) {
    this.#secret = secretAccessKey
  }

  /** The signature in hex. */
  sign(scope: Scope, stringToSign: string): string {
    return createHmac('sha256', this.#key(scope)).update(stringToSign).digest('hex')
  }

  #key(scope: Scope): Buffer {
    const name = scopeText(scope)
    const known = this.#keys.get(name)
    if (known) return known
    const parts = [scope.date, scope.region, scope.service, 'aws4_request']
    const key = parts.reduce<string | Buffer>((secret, part) => createHmac('sha256', secret).update(part).digest(), `AWS4${this.#secret}`) as Buffer
    if (this.#keys.size >= MAX_KEYS) this.#keys.clear()
    this.#keys.set(name, key)
    return key
  }
}

export function scopeText(scope: Scope): string {
  return `${scope.date}/${scope.region}/${scope.service}/aws4_request`
}

/** The scope of `AKID/20260101/us-east-1/iot/aws4_request`, or undefined. */
export function parseCredential(credential: string): Scope | undefined {
  const [accessKeyId, date, region, service, terminator, ...rest] = credential.split('/')
  if (!accessKeyId || !date || !region || !service || terminator !== 'aws4_request' || rest.length > 0) return undefined
  return { accessKeyId, date, region, service }
}

export function stringToSign(date: string, scope: Scope, canonical: string): string {
  return `${ALGORITHM}\n${date}\n${scopeText(scope)}\n${hash('sha256', canonical)}`
}

export function sameSignature(expected: string, given: string): boolean {
  const encoder = new TextEncoder()
  const [a, b] = [encoder.encode(expected), encoder.encode(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}
