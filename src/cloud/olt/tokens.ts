import { createHmac, timingSafeEqual } from 'node:crypto'

/** `firmware:read` and `firmware:write` are the platform's own; those of its device service are not known and are named alike. */
export const PERMISSIONS = ['firmware:read', 'firmware:write', 'device:read', 'device:write'] as const
export type Permission = (typeof PERMISSIONS)[number]

/** What a bearer token is good for. `device` narrows it to the installations of one device; reading firmware stays free. */
export interface Grant {
  readonly permissions: readonly Permission[]
  readonly device?: string | undefined
}

/**
 * Bearer tokens that carry their grant and a signature, so that nothing has to be kept and a restart changes nothing. The real platform gets its tokens
 * from an OAuth2 server (id.lightelligence.io), and they expire; these don't.
 */
export class Tokens {
  readonly #secret: string

  /** The same secret makes and knows the same tokens. */
  constructor(secret: string) {
    this.#secret = `olt ${secret}`
  }

  mint(grant: Grant): string {
    const text = Buffer.from(JSON.stringify(grant)).toString('base64url')
    return `${text}.${this.#sign(text).toString('base64url')}`
  }

  /** What an `Authorization` header grants; undefined when it is none of ours. */
  read(authorization: string | undefined): Grant | undefined {
    const match = /^Bearer ([\w-]+)\.([\w-]+)$/.exec(authorization ?? '')
    if (!match) return undefined
    const signature = Buffer.from(match[2]!, 'base64url')
    const expected = this.#sign(match[1]!)
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return undefined
    return JSON.parse(Buffer.from(match[1]!, 'base64url').toString()) as Grant
  }

  #sign(text: string): Buffer {
    return createHmac('sha256', this.#secret).update(text).digest()
  }
}
