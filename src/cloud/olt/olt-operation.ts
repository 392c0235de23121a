import type { OltApi } from './olt-error.ts'
import type { OltPlatform } from './olt-platform.ts'
import type { Permission } from './tokens.ts'

/** One call of the REST API of the OLT platform, one file each. Paths are those below `/v1`. */
export interface OltOperation {
  readonly name: string
  readonly api: OltApi
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** `/devices/{deviceId}/actions` */
  readonly path: string
  readonly permission: Permission
  /** Throws OltError. */
  run(platform: OltPlatform, request: OltRequest): OltAnswer
}

interface OltRequest {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Uint8Array
}

export interface OltAnswer {
  readonly status: 200 | 201 | 202 | 204 | 302
  readonly headers?: Readonly<Record<string, string>>
  /** Members of the JSON body; left out: no body. */
  readonly body?: object
}
