/** For a client of the OLT platform: `code` is its `errorCode`, `status` the HTTP status. */
export class OltError extends Error {
  override name = 'OltError'
  readonly code: string
  readonly status: number
  constructor(code: string, status: number, message: string) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** The two services behind `/v1`: each has error codes of its own. */
export type OltApi = 'firmware' | 'device'

const CODES = {
  firmware: { validation: 'FIRMWARE_VALIDATION', unauthorized: 'FIRMWARE_UNAUTHORIZED', forbidden: 'FIRMWARE_NO_ACCESS_TO_RESOURCE' },
  device: { validation: 'DEVICE_VALIDATION', unauthorized: 'ID_UNAUTHORIZED', forbidden: 'DEVICE_FORBIDDEN' },
} as const

export function invalid(api: OltApi, message: string): OltError {
  return new OltError(CODES[api].validation, 400, message)
}

export function unauthorized(api: OltApi): OltError {
  return new OltError(CODES[api].unauthorized, 401, 'The access token is missing, or it is not valid')
}

export function forbidden(api: OltApi, message: string): OltError {
  return new OltError(CODES[api].forbidden, 403, message)
}

/** The firmware service has no 404: what is not there is like what belongs to somebody else. */
export function noAccess(what: string): OltError {
  return forbidden('firmware', `No access to ${what}`)
}

export function noDevice(what: string): OltError {
  return new OltError('DEVICE_RESOURCE_NOT_FOUND', 404, `There is no ${what}`)
}
