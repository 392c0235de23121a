import { UserError } from '../errors.ts'
import type { InProcessRequest, InProcessResponse } from './in-process-handler.ts'

/** Carries a request to the OLT platform: in process, or over a socket. `url` is path and query. */
export type SendToOlt = (request: InProcessRequest) => Promise<InProcessResponse>

/** Where the embedded platform gives tokens to whoever is on the same machine; the real one has an OAuth2 server. */
const TOKENS = '/_fleetsim/olt/tokens'

/** The REST API of the OLT platform, as an operator's tool calls it. */
export class OltClient {
  readonly #send: SendToOlt
  #token: string | undefined

  constructor(send: SendToOlt) {
    this.#send = send
  }

  /** `data` of the answer; undefined without one. A body of bytes is sent as a blob. UserError 97 for what the platform refuses. */
  async call<T>(operation: string, method: string, path: string, body?: object | Uint8Array): Promise<T> {
    this.#token ??= (await this.#request<{ token: string }>('a token', 'POST', TOKENS, {})).token
    const { data } = (await this.#request<{ data?: T } | undefined>(operation, method, `/v1${path}`, body)) ?? {}
    return data as T
  }

  async #request<T>(operation: string, method: string, url: string, body?: object | Uint8Array): Promise<T> {
    const isBlob = body instanceof Uint8Array
    const headers = {
      ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
      ...(body && { 'content-type': isBlob ? 'application/octet-stream' : 'application/json' }),
    }
    const answer = await this.#send({ method, url, headers, body: isBlob ? body : Buffer.from(body ? JSON.stringify(body) : '') })
    const text = typeof answer.body === 'string' ? answer.body : Buffer.from(answer.body).toString()
    if (answer.status < 300) return (text === '' ? undefined : JSON.parse(text)) as T
    throw new UserError(`the OLT platform refused ${operation}: ${answer.status} ${text}`, 97)
  }
}
