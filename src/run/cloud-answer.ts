import type { Cloud } from '../cloud/cloud.ts'
import type { HttpRequest, HttpResponse } from '../ports/http.ts'
import type { MemoryServer } from '../transport/memory-http.ts'

/** URLs that are remembered: a fleet fetches through few at a time, one for each second in which jobs signed them. */
const MAX_ADDRESSES = 4096
const NO_BODY = new Uint8Array(0)

/** The cloud's HTTP door as the in-process server of devices, for URLs such as `http://127.0.0.1:4610/bucket/key?…`. */
export function cloudAnswer(cloud: Cloud): MemoryServer {
  const addresses = new Map<string, Address>()
  const addressOf = (url: string): Address => {
    const known = addresses.get(url)
    if (known) return known
    const pathAt = url.indexOf('/', 8)
    const address = { host: url.slice(7, pathAt), path: url.slice(pathAt) }
    if (addresses.size >= MAX_ADDRESSES) addresses.clear()
    addresses.set(url, address)
    return address
  }
  return ({ method = 'GET', url, headers, body: text }: HttpRequest): HttpResponse => {
    const { host, path } = addressOf(url)
    const sent: Record<string, string> = { host }
    for (const name in headers) sent[name] = headers[name]!
    const answer = cloud.http.handle({ method, url: path, headers: sent, body: text === undefined ? NO_BODY : Buffer.from(text) })
    const { status, body } = answer
    return { status, headers: answer.headers, body: typeof body === 'string' ? Buffer.from(body) : body }
  }
}

interface Address {
  readonly host: string
  readonly path: string
}
