import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Cloud } from '../cloud.ts'
import type { DoorResponse } from './door.ts'

/** The largest body that is buffered: firmware images are far smaller, and a larger one comes in parts. */
const MAX_BODY_BYTES = 256 * 1024 * 1024
const KEEP_ALIVE_MS = 75_000
/** How long close() lets answers under way finish. */
const CLOSE_GRACE_MS = 200
/** A fleet connects all at once. */
const BACKLOG = 4096

/** Puts the HTTP door behind a port; port 0 takes a free one. Rejects with the system's error (EADDRINUSE, EACCES). */
export function startHttpServer(cloud: Cloud, options: { host: string; port: number }): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true }, (request, response) => receive(cloud, request, response))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...options, backlog: BACKLOG }, () => {
      server.off('error', reject)
      resolve({ port: (server.address() as AddressInfo).port, close })
    })
  })

  function close(): Promise<void> {
    return new Promise((resolve) => {
      const grace = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS)
      server.close(() => {
        clearTimeout(grace)
        resolve()
      })
      server.closeIdleConnections()
    })
  }
}

const NO_BODY = new Uint8Array(0)

function receive(cloud: Cloud, request: IncomingMessage, response: ServerResponse): void {
  if (request.headers['content-length'] === undefined && request.headers['transfer-encoding'] === undefined) {
    answer(cloud, request, response, NO_BODY)
    return
  }
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  request.on('data', (chunk: Uint8Array) => {
    sizeBytes += chunk.length
    if (sizeBytes <= MAX_BODY_BYTES) chunks.push(chunk)
    else refuseBody(request, response)
  })
  request.on('end', () => {
    if (sizeBytes <= MAX_BODY_BYTES) answer(cloud, request, response, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, sizeBytes))
  })
}

function answer(cloud: Cloud, request: IncomingMessage, response: ServerResponse, body: Uint8Array): void {
  const headers = request.headers as Record<string, string>
  if (request.url!.startsWith('/_fleetsim/')) headers['x-fleetsim-peer'] = isLoopback(request.socket.remoteAddress) ? 'loopback' : 'remote'
  send(response, request.method === 'HEAD', cloud.http.handle({ method: request.method!, url: request.url!, headers, body }))
}

function send(response: ServerResponse, head: boolean, { status, headers, body }: DoorResponse): void {
  if (head || status === 204 || status === 304) {
    response.writeHead(status, headers).end()
    return
  }
  const sizeBytes = typeof body === 'string' ? Buffer.byteLength(body) : body.length
  response.writeHead(status, { ...headers, 'content-length': sizeBytes }).end(body)
}

function refuseBody(request: IncomingMessage, response: ServerResponse): void {
  request.removeAllListeners('data').resume()
  if (response.headersSent) return
  response.writeHead(413, { connection: 'close', 'content-type': 'text/plain' }).end(`The body is larger than ${MAX_BODY_BYTES} bytes.\n`)
  response.once('finish', () => request.destroy())
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(127\.|::1$|::ffff:127\.)/.test(address)
}
