import type { PolicySession } from '../identity/principal.ts'

/** The HTTP door, without sockets: `cloud/http/server.ts` puts it behind a port, the virtual world calls it in process. */

export interface DoorRequest {
  readonly method: string
  /** Raw path and query, as on the request line. */
  readonly url: string
  /** Lower-case names; `host` included. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Whether it came through a TLS port. */
  readonly isTls?: boolean
  /** Of a device that showed its certificate instead of a signature. */
  readonly caller?: PolicySession | undefined
}

export interface DoorResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | string
}
