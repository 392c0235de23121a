import { AwsError } from '../../errors.ts'
import type { Payload } from '../../ports/mqtt.ts'
import { MAX_LEVELS } from './choices.ts'
import { isObject } from './section.ts'
import type { Json, JsonObject } from './section.ts'

/** Largest document, without metadata. */
export const MAX_DOCUMENT_BYTES = 8 * 1024
const MAX_CLIENT_TOKEN_BYTES = 64

export interface UpdateRequest {
  /** As sent; a section may be `null`, which clears it. */
  readonly state: JsonObject
  readonly version?: number
  readonly clientToken?: string
  readonly sizeBytes: number
}

/** Every refusal of the shadow service: `code` in the document is the HTTP status (reference §6). */
export function shadowError(status: number, message: string): AwsError {
  return new AwsError(ERROR_NAMES[status] ?? 'InternalFailureException', status, message, { code: status })
}

const ERROR_NAMES: Readonly<Record<number, string>> = {
  400: 'InvalidRequestException',
  404: 'ResourceNotFoundException',
  409: 'ConflictException',
  413: 'RequestEntityTooLargeException',
  415: 'UnsupportedDocumentEncodingException',
  429: 'ThrottlingException',
}

/** The members of a request. An empty payload is `{}`: get and delete need none. Throws AwsError. */
export function parseMembers(payload: Payload): JsonObject {
  if (payload.length === 0) return {}
  if (payload.length > MAX_DOCUMENT_BYTES) throw shadowError(413, 'The payload exceeds the maximum size allowed')
  const value = parseJson(typeof payload === 'string' ? payload : decode(payload))
  if (!isObject(value)) throw shadowError(400, 'Invalid JSON')
  return value
}

/** The client's token, when it is one. */
export function clientTokenOf(members: JsonObject): string | undefined {
  const token = members['clientToken']
  return typeof token === 'string' && Buffer.byteLength(token) <= MAX_CLIENT_TOKEN_BYTES ? token : undefined
}

/** Throws AwsError with AWS's text for the first thing that is wrong. */
export function updateRequest(members: JsonObject, sizeBytes: number): UpdateRequest {
  const { state, version, clientToken } = members
  if (state === undefined) throw shadowError(400, 'Missing required node: state')
  if (!isObject(state)) throw shadowError(400, 'State node must be an object')
  for (const node in state) if (node !== 'desired' && node !== 'reported') throw shadowError(400, `State contains an invalid node: '${node}'`)
  checkSection(state, 'desired', 'Desired node must be an object')
  checkSection(state, 'reported', 'Reported node must be an object')
  if (version !== undefined && !(typeof version === 'number' && Number.isSafeInteger(version) && version >= 0))
    throw shadowError(400, 'Invalid version')
  const token = clientTokenOf(members)
  if (clientToken !== undefined && token === undefined) throw shadowError(400, 'Invalid clientToken')
  return { state, sizeBytes, ...(version !== undefined && { version }), ...(token !== undefined && { clientToken: token }) }
}

function checkSection(state: JsonObject, name: 'desired' | 'reported', message: string): void {
  const section = state[name]
  if (section === undefined || section === null) return
  if (!isObject(section)) throw shadowError(400, message)
  checkNodes(section, MAX_LEVELS)
}

function checkNodes(value: Json, levelsLeft: number): void {
  const isTree = isObject(value)
  if (!isTree && !Array.isArray(value)) return
  if (levelsLeft === 0) throw shadowError(400, `JSON contains too many levels of nesting; maximum is ${MAX_LEVELS}`)
  // Assigning this key would change an object's prototype instead.
  if (isTree && Object.hasOwn(value, '__proto__')) throw shadowError(400, `State contains an invalid node: '__proto__'`)
  for (const item of Object.values(value)) checkNodes(item, levelsLeft - 1)
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

function decode(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes)
  } catch (error) {
    throw Object.assign(shadowError(415, 'Unsupported documented encoding; supported encoding is UTF-8'), { cause: error })
  }
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    throw Object.assign(shadowError(400, 'Invalid JSON'), { cause: error })
  }
}
