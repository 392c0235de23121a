import type { IoTClientConfig } from '@aws-sdk/client-iot'
import { Readable } from 'node:stream'

/** What the embedded cloud's HTTP door takes and gives (`cloud/http/door.ts`), in the controller's own words: the two never import one another. */
export interface InProcessRequest {
  readonly method: string
  /** Raw path and query. */
  readonly url: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface InProcessResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | string
}

/** As much of the SDK's request as a door needs. */
interface SdkRequest {
  readonly method: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  /** Names and values not yet encoded. */
  readonly query: Readonly<Record<string, string | string[] | null>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** A `requestHandler` for SDK clients that calls `door` instead of opening a socket. */
export function inProcessHandler(door: (request: InProcessRequest) => InProcessResponse): NonNullable<IoTClientConfig['requestHandler']> {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request: SdkRequest) {
      const answer = door({ method: request.method, url: urlOf(request), headers: headersOf(request), body: await bytesOf(request.body) })
      const bytes = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body
      // Deserializers take bytes as they are, and quicker than a stream; only GetObject hands the body on and insists on one.
      const body = request.query['x-id'] === 'GetObject' ? Readable.from([bytes]) : bytes
      return { response: { statusCode: answer.status, headers: { ...answer.headers }, body } }
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {},
  }
}

function urlOf({ path, query }: SdkRequest): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    if (value === null) return encode(name)
    return [value].flat().map((one) => `${encode(name)}=${encode(one)}`)
  })
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`
}

/** As SigV4 encodes: everything but letters, digits and `-._~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}

function headersOf({ headers, hostname, port }: SdkRequest): Record<string, string> {
  const lower: Record<string, string> = { host: port === undefined ? hostname : `${hostname}:${port}` }
  for (const [name, value] of Object.entries(headers)) lower[name.toLowerCase()] = value
  return lower
}

/** The SDK in Node sends text, bytes and streams; it refuses a Blob before it comes here. */
async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array()
  if (typeof body === 'string') return Buffer.from(body)
  if (body instanceof Uint8Array) return body
  if (!isAsyncIterable(body)) throw new TypeError(`a request body of type ${Object.prototype.toString.call(body)}`)
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array))
  return Buffer.concat(chunks)
}

function isAsyncIterable(body: unknown): body is AsyncIterable<unknown> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}
