import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Cloud } from '../cloud.ts'
import type { PolicySession } from '../identity/principal.ts'
import { listen } from '../listen.ts'
import type { DoorRequest, DoorResponse } from './door.ts'

/** The largest body that is buffered: firmware images are far smaller, and a larger one comes in parts. */
const MAX_BODY_BYTES = 256 * 1024 * 1024
const KEEP_ALIVE_MS = 75_000
/** How long close() lets answers under way finish. */
const CLOSE_GRACE_MS = 200

export interface HttpServerOptions {
  readonly isTls?: boolean
  /** Whose connection it is, where devices show certificates. */
  readonly callerOf?: (socket: Socket) => PolicySession | undefined
  /** Takes the connections of WebSockets. */
  readonly onWebSocket?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

/** Puts the HTTP door behind a port; port 0 takes a free one. Rejects with the system's error (EADDRINUSE, EACCES). */
export async function startHttpServer(
  cloud: Cloud,
  { host, port, ...options }: HttpServerOptions & { readonly host: string; readonly port: number },
): Promise<{ port: number; close(): Promise<void> }> {
  const server = httpServer(cloud, options)
  const opened = await listen(server, { host, port })
  return { port: opened, close: () => closeHttpServer(server) }
}

/** A server without a port: it serves what is emitted to it as `connection`. */
export function httpServer(cloud: Cloud, { isTls = false, callerOf, onWebSocket }: HttpServerOptions): Server {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true }, (request, response) => {
    const caller = callerOf?.(request.socket)
    receive(request, response, (body) => answer(cloud, response, doorRequest(request, body, isTls, caller)))
  })
  if (onWebSocket) server.on('upgrade', onWebSocket)
  return server
}

/** Lets answers under way finish, for a moment. */
export function closeHttpServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const grace = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS)
    server.close(() => {
      clearTimeout(grace)
      resolve()
    })
    server.closeIdleConnections()
  })
}

/** As the door sees a request of Node's server. */
export function doorRequest(request: IncomingMessage, body: Uint8Array = NO_BODY, isTls = false, caller?: PolicySession): DoorRequest {
  const headers = request.headers as Record<string, string>
  if (request.url!.startsWith('/_fleetsim/')) headers['x-fleetsim-peer'] = isLoopback(request.socket.remoteAddress) ? 'loopback' : 'remote'
  return { method: request.method!, url: request.url!, headers, body, isTls, caller }
}

const NO_BODY = new Uint8Array(0)

function receive(request: IncomingMessage, response: ServerResponse, take: (body: Uint8Array) => void): void {
  if (request.headers['content-length'] === undefined && request.headers['transfer-encoding'] === undefined) return take(NO_BODY)
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  request.on('data', (chunk: Uint8Array) => {
    sizeBytes += chunk.length
    if (sizeBytes <= MAX_BODY_BYTES) chunks.push(chunk)
    else refuseBody(request, response)
  })
  request.on('end', () => {
    if (sizeBytes <= MAX_BODY_BYTES) take(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, sizeBytes))
  })
}

/** What is acknowledged survives the process. */
function answer(cloud: Cloud, response: ServerResponse, request: DoorRequest): void {
  const isHead = request.method === 'HEAD'
  const answered = cloud.http.handle(request)
  const durable = cloud.store?.durable()
  if (!durable) return send(response, isHead, answered)
  durable.then(
    () => send(response, isHead, answered),
    () => send(response, isHead, NOT_KEPT),
  )
}

const NOT_KEPT: DoorResponse = {
  status: 500,
  headers: { 'content-type': 'application/json', 'x-amzn-ErrorType': 'InternalFailureException' },
  body: '{"message":"The cloud cannot keep what it was told."}',
}

function send(response: ServerResponse, head: boolean, { status, headers, body }: DoorResponse): void {
  if (head || status === 204 || status === 304) {
    response.writeHead(status, headers).end()
    return
  }
  // Downloads say it already, and are what a fleet asks for most.
  if ('content-length' in headers) response.writeHead(status, headers)
  else response.writeHead(status, { ...headers, 'content-length': typeof body === 'string' ? Buffer.byteLength(body) : body.length })
  response.end(body)
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
