/** The HTTP door, without sockets: `cloud/http/server.ts` puts it behind a port, the virtual world calls it in process. */

export interface DoorRequest {
  readonly method: string
  /** Raw path and query, as on the request line. */
  readonly url: string
  /** Lower-case names; `host` included. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface DoorResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | string
}
