import { Buffer } from 'node:buffer'
import { connect, type Socket } from 'node:net'
import type { HttpResponse } from '../../ports/http.ts'
import { ChunkedBody } from './chunked-body.ts'
import type { HttpExchange } from './http-exchange.ts'
import { parseHead, type ResponseHead } from './response-head.ts'
import { IncomingBody, type SharedBodies } from './shared-bodies.ts'
import { UnframedBody } from './unframed-body.ts'

const MAX_HEAD_BYTES = 16 * 1024
/** As the embedded cloud takes them. */
const MAX_BODY_BYTES = 256 * 1024 * 1024
/** A wall-clock limit on silence, far above what a busy machine needs: boards have their own timeouts. */
const TIMEOUT_MS = 120_000
/** How long an idle connection is good when the server doesn't say. */
const KEEP_ALIVE_MS = 4000
/** So much earlier than the server says: it may be closing already. */
const KEEP_ALIVE_MARGIN_MS = 1000

/** What every connection of one thread reads into: it is emptied before the next one reads. */
const received = Buffer.allocUnsafeSlow(64 * 1024)

/** Whoever owns connections. */
export interface ConnectionOwner {
  readonly bodies: SharedBodies
  onFree(connection: HttpConnection): void
  /** Once, and nothing after it. */
  onClosed(connection: HttpConnection): void
}

/** One HTTP/1.1 connection: one exchange at a time, the next one after the answer. */
export class HttpConnection {
  readonly origin: string
  readonly #owner: ConnectionOwner
  readonly #socket: Socket
  #exchange: HttpExchange | undefined
  /** The beginning of a head that isn't there yet. */
  #headPart: Buffer | undefined
  #head: ResponseHead | undefined
  #body: IncomingBody | ChunkedBody | UnframedBody = new UnframedBody()
  #reason = 'closed'
  #isClosed = false
  #goodUntilMs = Infinity

  constructor(origin: string, owner: ConnectionOwner) {
    this.origin = origin
    this.#owner = owner
    const { hostname, port } = new URL(origin)
    this.#socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 80),
      noDelay: true,
      onread: { buffer: received, callback: (bytes) => this.#receive(bytes) },
    })
    this.#socket.setTimeout(TIMEOUT_MS, () => this.destroy('timeout'))
    this.#socket.on('error', (error: NodeJS.ErrnoException) => (this.#reason = reasonOf(error.code)))
    this.#socket.on('end', () => this.#ended())
    this.#socket.on('close', () => this.destroy(this.#reason))
  }

  /** Whether an idle one may still be used. */
  isGood(nowMs: number): boolean {
    return nowMs < this.#goodUntilMs
  }

  send(exchange: HttpExchange): void {
    this.#exchange = exchange
    exchange.connection = this
    const { body } = exchange.request
    if (body === undefined) {
      this.#socket.write(exchange.head(), 'latin1')
      return
    }
    this.#socket.cork()
    this.#socket.write(exchange.head(), 'latin1')
    this.#socket.write(body)
    this.#socket.uncork()
  }

  destroy(reason = 'closed'): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#socket.destroy()
    const exchange = this.#exchange
    this.#exchange = undefined
    this.#owner.onClosed(this)
    exchange?.fail(reason)
  }

  #receive(bytes: number): boolean {
    if (!this.#isClosed && !this.#take(0, bytes)) this.destroy()
    return true
  }

  /** False when what came is no answer to a request. */
  #take(from: number, to: number): boolean {
    if (!this.#exchange) return false
    const bodyAt = this.#head ? from : this.#takeHead(from, to)
    if (bodyAt < 0) return false
    return this.#head === undefined || this.#takeBody(this.#head, bodyAt, to)
  }

  /** Returns where the body begins; -1 when it is no head. */
  #takeHead(from: number, to: number): number {
    if (this.#headPart) return this.#completeHead(this.#headPart, to)
    const end = received.indexOf('\r\n\r\n', from, 'latin1')
    if (end < 0 || end + 4 > to) {
      this.#headPart = Buffer.from(received.subarray(from, to))
      return to - from > MAX_HEAD_BYTES ? -1 : to
    }
    return this.#begin(received.toString('latin1', from, end), end + 4, to)
  }

  /** A head whose beginning came before. */
  #completeHead(before: Buffer, to: number): number {
    const all = Buffer.concat([before, received.subarray(0, to)])
    const end = all.indexOf('\r\n\r\n', 0, 'latin1')
    if ((end < 0 ? all.length : end) > MAX_HEAD_BYTES) return -1
    this.#headPart = end < 0 ? all : undefined
    return end < 0 ? to : this.#begin(all.toString('latin1', 0, end), end + 4 - before.length, to)
  }

  #begin(text: string, bodyAt: number, to: number): number {
    const head = parseHead(text)
    if (!head || head.status === 101) return -1
    // 100 Continue and its like only announce the answer.
    if (head.status < 200) return bodyAt === to ? to : this.#takeHead(bodyAt, to)
    if (typeof head.body === 'number' && head.body > MAX_BODY_BYTES) return -1
    this.#head = head
    if (head.body === 'chunked') this.#body = new ChunkedBody()
    else if (head.body === 'until close') this.#body = new UnframedBody()
    else this.#body = this.#owner.bodies.receive(this.#exchange!.place, head.body)
    return bodyAt
  }

  #takeBody(head: ResponseHead, from: number, to: number): boolean {
    const body = this.#body
    if (body instanceof IncomingBody) {
      const end = Math.min(to, from + body.missing)
      body.add(received, from, end)
      if (body.missing === 0) this.#finish(head, body.finish(), end < to)
      return true
    }
    if (body instanceof ChunkedBody) {
      const end = body.add(received, from, to)
      if (body.isDone) this.#finish(head, body.finish(), end < to)
      return end >= 0 && body.sizeBytes <= MAX_BODY_BYTES
    }
    body.add(received, from, to)
    return body.sizeBytes <= MAX_BODY_BYTES
  }

  /** The server has said all that it will. */
  #ended(): void {
    if (this.#head && this.#body instanceof UnframedBody) this.#finish(this.#head, this.#body.finish(), true)
    else this.destroy()
  }

  #finish({ status, headers, keepAlive, keepAliveMs }: ResponseHead, body: HttpResponse['body'], isLast: boolean): void {
    const exchange = this.#exchange!
    this.#exchange = undefined
    this.#head = undefined
    if (isLast || !keepAlive) this.destroy()
    else {
      this.#goodUntilMs = performance.now() + (keepAliveMs === undefined ? KEEP_ALIVE_MS : keepAliveMs - KEEP_ALIVE_MARGIN_MS)
      this.#owner.onFree(this)
    }
    exchange.respond({ status, headers, body })
  }
}

function reasonOf(code: string | undefined): string {
  return code === 'ECONNREFUSED' ? 'refused' : code === 'ECONNRESET' ? 'reset' : 'closed'
}
