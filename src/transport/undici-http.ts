import { Agent, type Dispatcher } from 'undici'
import type { HttpCall, HttpHandler, HttpRequest, HttpTransport } from '../ports/http.ts'

/** Connections that one thread holds to one origin; more requests wait for a free one. */
const CONNECTIONS = 128
/** Wall-clock limits, far above what a busy machine needs: boards have their own timeouts. */
const TIMEOUT_MS = 120_000

/** HTTP/1.1 over keep-alive connections through undici: what HTTPS takes, and what the fleet's own client (`http/fleet-http.ts`) is held to. `resolve` turns the address of a local network into a real one; undefined = nobody is there. */
export class UndiciTransport implements HttpTransport {
  readonly #agent: Agent
  readonly #resolve: (url: string) => string | undefined

  /** `ca` is PEM, for HTTPS servers whose certificates Node doesn't trust by itself. */
  constructor(resolve: (url: string) => string | undefined, ca?: string) {
    this.#resolve = resolve
    this.#agent = new Agent({
      connections: CONNECTIONS,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      connect: { timeout: TIMEOUT_MS, ...(ca !== undefined && { ca }) },
    })
  }

  request(request: HttpRequest, handler: HttpHandler): HttpCall {
    const url = this.#resolve(request.url)
    const call = new UndiciCall(handler)
    if (url === undefined) queueMicrotask(() => call.fail('refused'))
    else {
      const pathAt = url.indexOf('/', 8)
      const { method = 'GET', headers, body = null } = request
      this.#agent.dispatch({ origin: url.slice(0, pathAt), path: url.slice(pathAt), method, headers, body }, call)
    }
    return call
  }

  async close(): Promise<void> {
    await this.#agent.destroy()
  }
}

class UndiciCall implements HttpCall, Dispatcher.DispatchHandler {
  readonly #handler: HttpHandler
  #open = true
  #controller: Dispatcher.DispatchController | undefined
  #status = 0
  #headers: Record<string, string> = {}
  readonly #chunks: Buffer[] = []

  constructor(handler: HttpHandler) {
    this.#handler = handler
  }

  abort(): void {
    this.#open = false
    this.#controller?.abort(new Error('given up'))
  }

  fail(reason: string): void {
    if (!this.#open) return
    this.#open = false
    this.#handler.onFailed(reason)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (!this.#open) controller.abort(new Error('given up'))
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Record<string, string | string[] | undefined>): void {
    this.#status = status
    // A head before it was an announcement, such as 103.
    this.#headers = {}
    for (const name in headers) this.#headers[name] = String(headers[name])
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    if (!this.#open) return
    this.#open = false
    const body = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks)
    this.#handler.onResponse({ status: this.#status, headers: this.#headers, body })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error & { code?: string }): void {
    this.fail(reasonOf(error.code))
  }
}

function reasonOf(code: string | undefined): string {
  if (code === 'ECONNREFUSED') return 'refused'
  if (code === 'ECONNRESET') return 'reset'
  return code?.endsWith('_TIMEOUT') ? 'timeout' : 'closed'
}
