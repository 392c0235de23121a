import { AwsError } from '../../errors.ts'
import type { DoorRequest } from './door.ts'
import type { OperationRequest } from './operation.ts'

/** A request as an operation of a JSON service sees it. Query and body are parsed when an operation first asks, so that a blob stays one. */
export class RestRequest implements OperationRequest {
  readonly params: Readonly<Record<string, string>>
  readonly region: string
  readonly #request: DoorRequest
  #query: URLSearchParams | undefined
  #body: Readonly<Record<string, unknown>> | undefined

  constructor(request: DoorRequest, params: Readonly<Record<string, string>>, region: string) {
    this.#request = request
    this.params = params
    this.region = region
  }

  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(queryOf(this.#request.url))
    return this.#query
  }

  get headers(): Readonly<Record<string, string>> {
    return this.#request.headers
  }

  get isTls(): boolean {
    return this.#request.isTls === true
  }

  get bytes(): Uint8Array {
    return this.#request.body
  }

  get body(): Readonly<Record<string, unknown>> {
    this.#body ??= parseObject(this.#request.body)
    return this.#body
  }
}

export function pathOf(url: string): string {
  const question = url.indexOf('?')
  return question < 0 ? url : url.slice(0, question)
}

export function queryOf(url: string): string {
  const question = url.indexOf('?')
  return question < 0 ? '' : url.slice(question + 1)
}

function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  if (bytes.length === 0) return {}
  const value = parseJson(bytes)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new AwsError('InvalidRequestException', 400, 'The request body must be a JSON object.')
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new AwsError('InvalidRequestException', 400, `The request body is not JSON: ${(error as Error).message}`)
  }
}
