import type { Link } from '../network/link.ts'
import type { Wakeable } from '../ports/clock.ts'
import type { HttpCall, HttpHandler, HttpRequest, HttpResponse } from '../ports/http.ts'
import type { ModemUser, Network } from './modem.ts'

/** Bytes of request line, headers and framing besides URL and body. */
const HTTP_OVERHEAD_BYTES = 350
/** Round trips before the first byte of a connection may pass: TCP, then TLS 1.2 with a full handshake (RFC 5246 §7.3). */
export const HANDSHAKE_ROUND_TRIPS = 3
/** What tells of the arrival of bytes that the program has in its hands already. */
const MORE: HttpResponse = { status: 200, headers: {}, body: new Uint8Array(0) }
const NO_REQUEST: HttpRequest = { url: '', headers: {} }

/** The HTTP half of a modem: one request at a time, over a connection that is kept alive. All times in simulated milliseconds since the epoch. */
export class HttpClient {
  readonly network: Network
  readonly link: Link
  readonly #user: ModemUser
  /** The request under way. */
  #exchange: Exchange | undefined
  /** Where the open connection leads; empty when none is open. */
  #origin = ''

  constructor(network: Network, link: Link, user: ModemUser) {
    this.network = network
    this.link = link
    this.#user = user
  }

  get isBusy(): boolean {
    return this.#exchange !== undefined
  }

  /** A GET over a connection of its own, answered once the head of the response is there. Its body comes by `read`. */
  open(now: number, request: HttpRequest, timeoutMs: number): void {
    this.#origin = ''
    this.send(now, request, timeoutMs, true)
  }

  /** Waits for so many more bytes of a body. */
  read(now: number, bytes: number): void {
    const at = this.link.more(now, bytes)
    const offlineAt = this.link.nextOfflineAt(now)
    const exchange = new Exchange(this, NO_REQUEST, now, Infinity, false)
    this.#exchange = exchange
    if (at === Infinity || offlineAt < at) exchange.fail(at === Infinity ? now : offlineAt, 'reset')
    else exchange.end(at, MORE)
  }

  send(now: number, request: HttpRequest, timeoutMs: number, headOnly = false): void {
    const deadline = now + timeoutMs
    const online = this.link.onlineAt(now)
    if (online > deadline) return this.#refuse(new Exchange(this, request, now, deadline, headOnly), deadline, 'offline')
    const at = online + this.#reach(request.url, online)
    const sendAt = this.link.up(at, request.url.length + (request.body?.length ?? 0) + HTTP_OVERHEAD_BYTES)
    const exchange = new Exchange(this, request, sendAt, deadline, headOnly)
    if (sendAt === Infinity) return this.#refuse(exchange, at, 'reset')
    this.#exchange = exchange
    this.network.clock.wake(sendAt, exchange, SEND)
  }

  /** Gives up what is under way, and its connection. Tells nobody. */
  drop(): void {
    this.#exchange?.abort()
    this.#exchange = undefined
    this.#origin = ''
  }

  // What an exchange tells.

  isCurrent(exchange: Exchange): boolean {
    return this.#exchange === exchange
  }

  onFailing(): void {
    this.#origin = ''
  }

  onEnded(at: number, response: HttpResponse | undefined, reason: string): void {
    if (response) this.#exchange = undefined
    else this.drop()
    if (response) this.#user.onFetched(response, at)
    else this.#user.onFetchFailed(reason, at)
  }

  #refuse(exchange: Exchange, at: number, reason: string): void {
    this.#exchange = exchange
    exchange.fail(at, reason)
  }

  /** Milliseconds until a server is reached: none over the connection that is open. */
  #reach(url: string, at: number): number {
    if (this.#origin !== '' && url.startsWith(this.#origin) && url.indexOf('/', 8) === this.#origin.length) return 0
    this.#origin = url.slice(0, url.indexOf('/', 8))
    return this.link.handshakeMs(at, HANDSHAKE_ROUND_TRIPS)
  }
}

const SEND = 0
const END = 1
const TIMEOUT = 2

/** One request, from when it was made until the program is told of its end. What comes once it was given up is not heard. */
class Exchange implements Wakeable, HttpHandler {
  readonly #client: HttpClient
  readonly #request: HttpRequest
  readonly #sendAt: number
  readonly #deadline: number
  /** The program is told once the head is there, and reads the body as it comes. */
  readonly #headOnly: boolean
  /** The clock when it was sent. */
  #sentClock = NaN
  #call: HttpCall | undefined
  /** How it ends, once that is known, and when. */
  #endAt = NaN
  #response: HttpResponse | undefined
  #reason = ''

  constructor(client: HttpClient, request: HttpRequest, sendAt: number, deadline: number, headOnly: boolean) {
    this.#client = client
    this.#request = request
    this.#sendAt = sendAt
    this.#deadline = deadline
    this.#headOnly = headOnly
  }

  wake(token: number): void {
    if (!this.#client.isCurrent(this)) return
    if (token === SEND) this.#transmit()
    else if (token === END) this.#client.onEnded(this.#endAt, this.#response, this.#reason)
    else if (Number.isNaN(this.#endAt)) this.fail(this.#deadline, 'timeout')
  }

  /** It ends with a response, of which the program learns at `at`. */
  end(at: number, response: HttpResponse): void {
    this.#response = response
    this.#endAt = at
    this.#client.network.clock.wake(at, this, END)
  }

  fail(at: number, reason: string): void {
    this.#client.onFailing()
    this.#reason = reason
    this.#endAt = at
    this.#client.network.clock.wake(at, this, END)
  }

  abort(): void {
    this.#call?.abort()
  }

  onResponse(response: HttpResponse): void {
    if (!this.#client.isCurrent(this)) return
    const { link } = this.#client
    const bytes = (this.#headOnly ? 0 : response.body.length) + HTTP_OVERHEAD_BYTES
    const at = link.down(this.#answeredAt(), bytes)
    const offlineAt = link.nextOfflineAt(this.#sendAt)
    if (at === Infinity || offlineAt < at) return this.fail(Math.min(offlineAt, this.#deadline), 'reset')
    if (at > this.#deadline) return this.fail(this.#deadline, 'timeout')
    this.end(at, response)
  }

  onFailed(reason: string): void {
    if (this.#client.isCurrent(this)) this.fail(this.#answeredAt(), reason)
  }

  #transmit(): void {
    const { network } = this.#client
    this.#sentClock = network.clock.now()
    const call = network.http.request(this.#request, this)
    if (!this.#client.isCurrent(this) || !Number.isNaN(this.#endAt)) return
    this.#call = call
    network.clock.wake(this.#sentClock + (this.#deadline - this.#sendAt) * network.speed, this, TIMEOUT)
  }

  /** When the cloud's answer left it, in the device's time. */
  #answeredAt(): number {
    const { clock, speed } = this.#client.network
    return this.#sendAt + (clock.now() - this.#sentClock) / speed
  }
}
