import type { HttpCall, HttpHandler, HttpRequest, HttpResponse } from '../../ports/http.ts'
import type { HttpConnection } from './http-connection.ts'
import type { Target } from './target.ts'

const NAME = /^[\w!#$%&'*+.^`|~-]+$/
const NOT_A_VALUE = /[^\t\x20-\x7e\x80-\xff]/

/** A request and its answer. */
export class HttpExchange implements HttpCall {
  readonly request: HttpRequest
  readonly target: Target
  readonly #handler: HttpHandler
  readonly #onAborted: (exchange: HttpExchange) => void
  /** What it is sent over; undefined while it waits for one. */
  connection: HttpConnection | undefined
  #isOver = false

  constructor(request: HttpRequest, target: Target, handler: HttpHandler, onAborted: (exchange: HttpExchange) => void) {
    this.request = request
    this.target = target
    this.#handler = handler
    this.#onAborted = onAborted
  }

  /** Whether it can be written: a line end in a header would be another header. */
  get isValid(): boolean {
    const { headers } = this.request
    for (const name in headers) if (!NAME.test(name) || NOT_A_VALUE.test(headers[name]!)) return false
    return true
  }

  /** What the bytes of the answer are likely to be the same as, when it is asked for once more. */
  get place(): string {
    return `${this.target.file} ${this.request.headers['range'] ?? ''}`
  }

  /** The request line and the headers. */
  head(): string {
    const { method = 'GET', headers, body } = this.request
    let text = `${method} ${this.target.path} ${this.target.opening}`
    for (const name in headers) text += `${name}: ${headers[name]!}\r\n`
    if (body !== undefined) text += `content-length: ${Buffer.byteLength(body)}\r\n`
    else if (method !== 'GET') text += 'content-length: 0\r\n'
    return `${text}\r\n`
  }

  abort(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#onAborted(this)
    this.connection?.destroy()
  }

  respond(response: HttpResponse): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#handler.onResponse(response)
  }

  fail(reason: string): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#handler.onFailed(reason)
  }
}
