import { createHash, createHmac } from 'node:crypto'
import { VirtualClock } from '../../../src/clock/virtual.ts'
import { Cloud } from '../../../src/cloud/cloud.ts'
import type { CloudOptions } from '../../../src/cloud/cloud.ts'
import type { CloudRequest } from '../../../src/ports/cloud-requests.ts'
import type { DoorRequest, DoorResponse } from '../../../src/cloud/http/door.ts'

/** A cloud whose simulated time is a year away from its wall clock, so that a mix-up of the two shows. */

const SIMULATED_START_MS = Date.UTC(2026, 0, 1)
export const WALL_MS = Date.UTC(2027, 0, 1)
const credentials = { accessKeyId: 'AKIAFLEETSIM', secretAccessKey: 'sesame' }
export const HOST = '127.0.0.1:4610'

export interface World {
  readonly cloud: Cloud
  readonly requests: CloudRequest[]
  /** Lets simulated time pass. */
  readonly pass: (ms: number) => void
  /** Signs with real headers and sends. `service` is the name of the credential scope. */
  readonly send: (service: string, method: string, url: string, options?: SendOptions) => DoorResponse
  /** Sends as it is. */
  readonly raw: (method: string, url: string, headers?: Record<string, string>, body?: Uint8Array) => DoorResponse
}

export interface SendOptions {
  readonly body?: Uint8Array | string | object
  readonly headers?: Record<string, string>
  readonly region?: string
  readonly atMs?: number
}

export function newWorld(options: Partial<CloudOptions> = {}): World {
  const clock = new VirtualClock(SIMULATED_START_MS)
  const requests: CloudRequest[] = []
  let passed = 0
  const cloud = new Cloud({
    clock: { now: () => clock.now() + passed, wake: (atMs, target, token) => clock.wake(atMs, target, token) },
    wallNow: () => WALL_MS,
    credentials,
    url: `http://${HOST}`,
    mqttEndpoint: '127.0.0.1:1883',
    onRequest: (request) => requests.push(request),
    ...options,
  })
  const raw: World['raw'] = (method, url, headers = {}, body = new Uint8Array(0)) =>
    cloud.http.handle({ method, url, headers: { host: HOST, ...headers }, body })
  return {
    cloud,
    requests,
    pass: (ms) => void (passed += ms),
    raw,
    send(service, method, url, { body, headers = {}, region = 'us-east-1', atMs = WALL_MS } = {}) {
      const bytes = body instanceof Uint8Array ? body : Buffer.from(typeof body === 'object' ? JSON.stringify(body) : (body ?? ''))
      const request = { method, url, headers: { host: HOST, ...headers }, body: bytes }
      return cloud.http.handle(signed(request, service, region, atMs))
    },
  }
}

/** The members of a JSON answer. */
export function json(response: DoorResponse): Record<string, unknown> {
  return JSON.parse(Buffer.from(response.body).toString()) as Record<string, unknown>
}

/** The text of an XML element, or undefined. */
export function xml(response: DoorResponse, element: string): string | undefined {
  return new RegExp(`<${element}>(.*?)</${element}>`, 's').exec(Buffer.from(response.body).toString())?.[1]
}

/** Signature Version 4 as AWS describes it, written a second time, for requests whose path and query are encoded as a client would. */
function signed(request: DoorRequest, service: string, region: string, atMs: number): DoorRequest {
  const date = new Date(atMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const hash = sha256(request.body)
  const headers: Record<string, string> = {
    ...request.headers,
    'x-amz-date': date,
    'x-amz-content-sha256': request.headers['x-amz-content-sha256'] ?? hash,
  }
  const names = Object.keys(headers).sort()
  const [path, query = ''] = request.url.split('?') as [string, string?]
  const canonicalPath = service === 's3' ? path : path.split('/').map(encodeURIComponent).join('/')
  const canonicalQuery =
    query === ''
      ? ''
      : query
          .split('&')
          .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
          .sort()
          .join('&')
  const lines = names.map((name) => `${name}:${headers[name]!}\n`).join('')
  const canonical = [request.method, canonicalPath, canonicalQuery, lines, names.join(';'), headers['x-amz-content-sha256']].join('\n')
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`
  const text = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n')
  const key = [date.slice(0, 8), region, service, 'aws4_request'].reduce<Buffer | string>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${credentials.secretAccessKey}`,
  )
  const signature = createHmac('sha256', key).update(text).digest('hex')
  const credential = `${credentials.accessKeyId}/${scope}`
  headers['authorization'] = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return { ...request, headers }
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
