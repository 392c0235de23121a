import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Registry } from 'prom-client'
import { UserError } from '../errors.ts'

export interface MetricsServer {
  /** The port that is listened on, also when 0 was asked for. */
  readonly port: number
  /** Resolves with the first scrape: what happens after it is never missing from a rate. */
  readonly scraped: Promise<void>
  readonly close: () => Promise<void>
}

/** Serves a registry over HTTP: `/metrics` for Prometheus, `/` for people. Rejects with a UserError when the address can't be had. */
export function serveMetrics(registry: Registry, about: string, port: number, host: string): Promise<MetricsServer> {
  let onScraped = () => {}
  const scraped = new Promise<void>((resolve) => (onScraped = resolve))
  const scrape = async () => {
    const text = await registry.metrics()
    onScraped()
    return text
  }
  const server = createServer((request, response) => {
    answer({ scrape, type: registry.contentType, about }, request, response).catch((error: unknown) =>
      send(response, 500, 'text/plain', `${String(error)}\n`),
    )
  })
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(explain(cause, port, host)))
    server.listen(port, host, () => {
      // A run may end while Prometheus is connected; it must not wait for the next scrape.
      const close = () =>
        new Promise<void>((closed) => {
          server.close(() => closed())
          server.closeAllConnections()
        })
      resolve({ port: (server.address() as AddressInfo).port, scraped, close })
    })
  })
}

interface Pages {
  readonly scrape: () => Promise<string>
  readonly type: string
  readonly about: string
}

async function answer(pages: Pages, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url?.split('?', 1)[0]
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'text/plain', 'GET only\n')
  if (path === '/metrics') return send(response, 200, pages.type, await pages.scrape())
  if (path === '/') return send(response, 200, 'text/plain; charset=utf-8', pages.about)
  return send(response, 404, 'text/plain', 'metrics are at /metrics\n')
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

function explain(cause: NodeJS.ErrnoException, port: number, host: string): Error {
  if (cause.code !== 'EADDRINUSE') return new UserError(`metrics can't be served on ${host}:${port}: ${cause.message}`, 100, { cause })
  return new UserError(`port ${port} on ${host} is in use: choose another with --metrics-port, or --metrics-port 0 for none`, 106, { cause })
}
