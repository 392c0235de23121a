import type { HttpCall, HttpHandler, HttpRequest, HttpTransport } from '../../ports/http.ts'
import { HttpConnection, type ConnectionOwner } from './http-connection.ts'
import { HttpExchange } from './http-exchange.ts'
import { HttpsRequests } from './https-requests.ts'
import { SharedBodies } from './shared-bodies.ts'
import { Targets } from './target.ts'

/** Connections that one thread holds to all servers, as each takes a file; more requests wait for a free one. */
const MAX_CONNECTIONS = 128

/**
 * HTTP/1.1 over keep-alive connections, for fleets: reads into one buffer, hands out one copy of a body that many devices download, and asks nothing of
 * a connection that devices don't need. HTTPS goes through undici, whose behaviour it is held to.
 */
export class FleetHttpTransport implements HttpTransport, ConnectionOwner {
  readonly bodies = new SharedBodies()
  readonly #resolve: (url: string) => string | undefined
  readonly #https: HttpsRequests
  readonly #targets = new Targets()
  readonly #connections = new Set<HttpConnection>()
  /** By origin, the one that was used last at the end; no list is empty. */
  readonly #idle = new Map<string, HttpConnection[]>()
  readonly #waiting = new Set<HttpExchange>()

  /** `resolve` turns the address of a local network into a real one; undefined = nobody is there. `ca` is PEM, for HTTPS servers whose certificates Node doesn't trust by itself. */
  constructor(resolve: (url: string) => string | undefined, ca?: string) {
    this.#resolve = resolve
    this.#https = new HttpsRequests(ca)
  }

  request(request: HttpRequest, handler: HttpHandler): HttpCall {
    const url = this.#resolve(request.url)
    if (url === undefined) return failed(handler, 'refused')
    if (url.startsWith('https:')) return this.#https.request(request, handler)
    const target = this.#targets.of(url)
    if (!target) return failed(handler, 'closed')
    const exchange = new HttpExchange(request, target, handler, (aborted) => this.#waiting.delete(aborted))
    if (!exchange.isValid) return failed(handler, 'closed')
    this.#start(exchange)
    return exchange
  }

  async close(): Promise<void> {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const exchange of waiting) exchange.fail('closed')
    for (const connection of this.#connections) connection.destroy()
    await this.#https.close()
  }

  onFree(connection: HttpConnection): void {
    const next = this.#firstWaiting()
    if (!next) return this.#keep(connection)
    // Who waits for another server gets a connection in its place.
    if (next.target.origin !== connection.origin) return connection.destroy()
    this.#waiting.delete(next)
    return connection.send(next)
  }

  onClosed(connection: HttpConnection): void {
    this.#connections.delete(connection)
    this.#forget(connection)
    const next = this.#firstWaiting()
    if (!next) return
    this.#waiting.delete(next)
    this.#start(next)
  }

  #start(exchange: HttpExchange): void {
    const { origin } = exchange.target
    const idle = this.#takeIdle(origin)
    if (idle) return idle.send(exchange)
    if (this.#connections.size >= MAX_CONNECTIONS) this.#closeIdle()
    if (this.#connections.size >= MAX_CONNECTIONS) return void this.#waiting.add(exchange)
    const connection = new HttpConnection(origin, this)
    this.#connections.add(connection)
    return connection.send(exchange)
  }

  #firstWaiting(): HttpExchange | undefined {
    for (const exchange of this.#waiting) return exchange
    return undefined
  }

  #keep(connection: HttpConnection): void {
    const idle = this.#idle.get(connection.origin)
    if (idle) idle.push(connection)
    else this.#idle.set(connection.origin, [connection])
  }

  #takeIdle(origin: string): HttpConnection | undefined {
    for (;;) {
      const connection = this.#idle.get(origin)?.at(-1)
      if (!connection) return undefined
      this.#forget(connection)
      if (connection.isGood(performance.now())) return connection
      connection.destroy()
    }
  }

  #closeIdle(): void {
    for (const [oldest] of this.#idle.values()) return oldest!.destroy()
  }

  #forget(connection: HttpConnection): void {
    const idle = this.#idle.get(connection.origin)
    const at = idle?.lastIndexOf(connection) ?? -1
    if (at < 0) return
    idle!.splice(at, 1)
    if (idle!.length === 0) this.#idle.delete(connection.origin)
  }
}

/** A request that fails before it begins. */
function failed(handler: HttpHandler, reason: string): HttpCall {
  let open = true
  queueMicrotask(() => open && handler.onFailed(reason))
  return { abort: () => void (open = false) }
}
