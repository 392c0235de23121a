import { z } from 'zod'
import { AwsError } from '../../errors.ts'
import type { DoorRequest, DoorResponse } from '../http/door.ts'
import { bodyOf, ownId } from './input.ts'
import { forbidden, OltError, unauthorized } from './olt-error.ts'
import type { OltAnswer, OltOperation } from './olt-operation.ts'
import type { OltPlatform } from './olt-platform.ts'
import { oltOperations } from './operations.ts'
import { PERMISSIONS } from './tokens.ts'

const OLT_PREFIX = '/v1/'
const JSON_TYPE = { 'content-type': 'application/json' }

const ROUTES = oltOperations.map((operation) => {
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  return { operation, names, pattern: new RegExp(`^/v1${operation.path.replaceAll(/\{\w+\}/g, '([^/]+)')}$`) }
})

/** Whether a request is for the OLT platform: its prefix is no bucket's name, and what AWS's clients send is signed. */
export function isOltRequest({ url, headers }: DoorRequest): boolean {
  if (!url.startsWith(OLT_PREFIX)) return false
  const authorization = headers['authorization']
  return authorization === undefined ? !url.includes('Signature=') : authorization.startsWith('Bearer ')
}

/** The OLT half of the HTTP door: token → operation → answer. */
export class OltDoor {
  readonly #platform: OltPlatform

  constructor(platform: OltPlatform) {
    this.#platform = platform
  }

  handle(request: DoorRequest): { operation: string; code: string; response: DoorResponse } {
    let operation = 'unknown'
    try {
      const route = this.#route(request)
      operation = route.operation.name
      const answer = this.#run(route.operation, route.params, request)
      return { operation, code: 'ok', response: responseOf(answer) }
    } catch (cause) {
      const error = cause instanceof AwsError ? new OltError('FIRMWARE_INTERNAL_ERROR', 500, cause.message) : cause
      if (!(error instanceof OltError)) throw error
      return { operation, code: error.code, response: errorResponse(error) }
    }
  }

  /** Mints a token, for this machine only: `{ permissions?, device? }` → `{ token }`. */
  mint(body: Uint8Array): DoorResponse {
    try {
      const grant = bodyOf('device', GRANT, body.length > 0 ? body : EMPTY)
      return { status: 200, headers: JSON_TYPE, body: JSON.stringify({ token: this.#platform.tokens.mint(grant) }) }
    } catch (error) {
      if (error instanceof OltError) return errorResponse(error)
      throw error
    }
  }

  #route({ method, url }: DoorRequest): { operation: OltOperation; params: Record<string, string> } {
    const path = url.split('?', 1)[0]!
    for (const { operation, names, pattern } of ROUTES) {
      const match = operation.method === method ? pattern.exec(path) : null
      if (match) return { operation, params: Object.fromEntries(names.map((name, at) => [name, decoded(match[at + 1]!)])) }
    }
    throw new OltError('NOT_FOUND', 404, `There is nothing at ${method} ${path}`)
  }

  #run(operation: OltOperation, params: Record<string, string>, { url, headers, body }: DoorRequest): OltAnswer {
    const { api, permission } = operation
    const grant = this.#platform.tokens.read(headers['authorization'])
    if (!grant) throw unauthorized(api)
    const { device } = grant
    const isForeign = device !== undefined && !(permission === 'firmware:read' && 'firmwareId' in params) && params['deviceId'] !== device
    if (!grant.permissions.includes(permission) || isForeign) throw forbidden(api, `The access token does not permit ${operation.name}`)
    const query = new URLSearchParams(url.slice(url.split('?', 1)[0]!.length + 1))
    return operation.run(this.#platform, { params, query, headers, bytes: body })
  }
}

const EMPTY = Buffer.from('{}')
const GRANT = z.strictObject({ permissions: z.array(z.enum(PERMISSIONS)).default([...PERMISSIONS]), device: ownId.optional() })

function responseOf({ status, headers = {}, body }: OltAnswer): DoorResponse {
  if (!body) return { status, headers, body: '' }
  return { status, headers: { ...headers, ...JSON_TYPE }, body: JSON.stringify(body) }
}

function errorResponse({ status, code, message }: OltError): DoorResponse {
  return { status, headers: JSON_TYPE, body: JSON.stringify({ errorMessage: message, errorCode: code }) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new OltError('NOT_FOUND', 404, 'The path is not percent-encoded')
  }
}
