import type { Link } from '../network/link.ts'
import type { Clock, Wakeable } from '../ports/clock.ts'
import type { HttpCall, HttpHandler, HttpRequest, HttpResponse, HttpTransport } from '../ports/http.ts'
import type { MqttConnection, MqttConnectOptions, MqttHandler, MqttSubscription, MqttTransport, Payload } from '../ports/mqtt.ts'
import { Fifo, type Queued } from './fifo.ts'

/** What modems of one thread share. */
export interface Network {
  readonly clock: Clock
  /** Simulated milliseconds per wall-clock millisecond; 1 in virtual time, where answers take no wall-clock time. */
  readonly speed: number
  readonly mqtt: MqttTransport
  readonly http: HttpTransport
}

/** Who is told. `at` is when it happened for the device, in simulated milliseconds since the epoch. */
export interface ModemUser {
  onConnected(sessionPresent: boolean, at: number): void
  onSubscribed(granted: readonly number[], at: number): void
  onMessage(topic: string, payload: Payload, at: number): void
  /** The MQTT connection ended or could not be made. */
  onLost(reason: string, at: number): void
  onFetched(response: HttpResponse, at: number): void
  onFetchFailed(reason: string, at: number): void
}

/** Bytes of framing that a message costs on the air besides its topic and payload: MQTT header, TLS record, TCP and IP headers. */
const MQTT_OVERHEAD_BYTES = 85
const HTTP_OVERHEAD_BYTES = 350
/** Round trips before the first byte of a connection may pass: TCP, then TLS 1.2 with a full handshake (RFC 5246 §7.3). */
const HANDSHAKE_ROUND_TRIPS = 3
/** What tells of the arrival of bytes that the program has in its hands already. */
const MORE: HttpResponse = { status: 200, headers: {}, body: new Uint8Array(0) }

// Tokens: the low three bits say what is due, the rest counts connections, so that what belongs to a lost one is ignored.
const SEND = 0
const DELIVER = 1
const CONNECT_TIMEOUT = 2
const GO_OFFLINE = 3
const REQUEST = 4
const RESPOND = 5
const REQUEST_TIMEOUT = 6

type Outgoing = Queued<Outgoing> &
  (
    | { readonly do: 'connect'; readonly at: number; readonly options: MqttConnectOptions; readonly patienceMs: number }
    | { readonly do: 'subscribe'; readonly at: number; readonly subscriptions: readonly MqttSubscription[] }
    | { readonly do: 'unsubscribe'; readonly at: number; readonly filters: readonly string[] }
    | { readonly do: 'publish'; readonly at: number; readonly topic: string; readonly payload: Payload; readonly qos: 0 | 1 }
  )

type Incoming = Queued<Incoming> &
  (
    | { readonly do: 'connected'; readonly at: number; readonly sessionPresent: boolean }
    | { readonly do: 'subscribed'; readonly at: number; readonly granted: readonly number[] }
    | { readonly do: 'message'; readonly at: number; readonly topic: string; readonly payload: Payload }
    | { readonly do: 'closed'; readonly at: number; readonly reason: string }
  )

interface Request extends HttpRequest {
  readonly sendAt: number
  readonly deadline: number
  /** The program is told once the head is there, and reads the body as it comes. */
  readonly headOnly?: boolean
  /** The clock when it was sent. */
  sentClock?: number
  /** How it ends, once that is known, and when. */
  end?: { readonly at: number; readonly response: HttpResponse } | { readonly at: number; readonly reason: string }
}

/**
 * A board's radio: MQTT and HTTP over one link. It keeps the device's own time: what the link delays is counted from when the device acted, not
 * from when a busy machine got round to it, and an answer's wall-clock time is not multiplied by the speed. So a run at 60 × shows the
 * delays of the scenario and not those of the simulator, as long as the simulator keeps up (which the generator's health tells). Timeouts on
 * answers run on the wall clock for the same reason.
 */
export class Modem implements Wakeable, MqttHandler, HttpHandler {
  readonly #network: Network
  readonly #link: Link
  readonly #user: ModemUser
  #epoch = 0
  #connection: MqttConnection | undefined
  #connected = false
  readonly #outgoing = new Fifo<Outgoing>()
  readonly #incoming = new Fifo<Incoming>()
  /** The last thing sent that an answer is due to: its time for the device, the clock's, and the topic that answers begin with. */
  #sentAt = -Infinity
  #sentClock = -Infinity
  #asked: string | undefined
  #requestEpoch = 0
  #request: Request | undefined
  #call: HttpCall | undefined
  #httpOrigin = ''
  #breaks = 0

  constructor(network: Network, link: Link, user: ModemUser) {
    this.#network = network
    this.#link = link
    this.#user = user
  }

  get connected(): boolean {
    return this.#connected
  }

  connect(now: number, options: MqttConnectOptions, timeoutMs: number): void {
    this.#forget()
    const from = this.#link.onlineAt(now)
    if (from > now + timeoutMs) return this.#wake(now + timeoutMs, CONNECT_TIMEOUT)
    const at = this.#link.up(from + this.#link.handshakeMs(from, HANDSHAKE_ROUND_TRIPS), MQTT_OVERHEAD_BYTES)
    this.#send({ do: 'connect', at, options, patienceMs: now + timeoutMs - at }, now)
  }

  subscribe(now: number, subscriptions: readonly MqttSubscription[]): void {
    const bytes = subscriptions.reduce((sum, { filter }) => sum + filter.length + 3, MQTT_OVERHEAD_BYTES)
    this.#send({ do: 'subscribe', at: this.#link.up(now, bytes), subscriptions }, now)
  }

  unsubscribe(now: number, filters: readonly string[]): void {
    const bytes = filters.reduce((sum, filter) => sum + filter.length + 2, MQTT_OVERHEAD_BYTES)
    this.#send({ do: 'unsubscribe', at: this.#link.up(now, bytes), filters }, now)
  }

  publish(now: number, topic: string, payload: Payload, qos: 0 | 1): void {
    const at = this.#link.up(now, topic.length + payload.length + MQTT_OVERHEAD_BYTES)
    this.#send({ do: 'publish', at, topic, payload, qos }, now)
  }

  /** Says goodbye and forgets what was under way. */
  disconnect(): void {
    const connection = this.#connection
    this.#forget()
    connection?.disconnect()
  }

  /** How often everything dropped: a body that began before the last time has no rest. */
  get breaks(): number {
    return this.#breaks
  }

  /** A GET over a connection of its own, answered once the head of the response is there. Its body comes by `read`. */
  open(now: number, url: string, headers: Readonly<Record<string, string>>, timeoutMs: number): void {
    this.#httpOrigin = ''
    this.fetch(now, url, headers, timeoutMs, true)
  }

  /** Waits for so many more bytes of a body. */
  read(now: number, bytes: number): void {
    const at = this.#link.more(now, bytes)
    const offlineAt = this.#link.nextOfflineAt(now)
    const request: Request = { url: '', headers: {}, sendAt: now, deadline: Infinity }
    if (at === Infinity || offlineAt < at) return this.#failRequest(request, at === Infinity ? now : offlineAt, 'reset')
    this.#request = request
    this.#endRequest(request, { at, response: MORE })
  }

  fetch(now: number, url: string, headers: Readonly<Record<string, string>>, timeoutMs: number, headOnly = false): void {
    const deadline = now + timeoutMs
    let at = this.#link.onlineAt(now)
    if (at > deadline) return this.#failRequest({ url, headers, sendAt: now, deadline }, deadline, 'offline')
    at += this.#reach(url, at)
    const sendAt = this.#link.up(at, url.length + HTTP_OVERHEAD_BYTES)
    const request: Request = { url, headers, sendAt, deadline, headOnly }
    if (sendAt === Infinity) return this.#failRequest(request, at, 'reset')
    this.#request = request
    this.#network.clock.wake(sendAt, this, (this.#requestEpoch << 3) | REQUEST)
  }

  /** A request with a method and a body of its own. */
  send(now: number, what: HttpRequest, timeoutMs: number): void {
    const deadline = now + timeoutMs
    const online = this.#link.onlineAt(now)
    if (online > deadline) return this.#failRequest({ ...what, sendAt: now, deadline }, deadline, 'offline')
    const at = online + this.#reach(what.url, online)
    const sendAt = this.#link.up(at, what.url.length + (what.body?.length ?? 0) + HTTP_OVERHEAD_BYTES)
    const request: Request = { ...what, sendAt, deadline }
    if (sendAt === Infinity) return this.#failRequest(request, at, 'reset')
    this.#request = request
    this.#network.clock.wake(sendAt, this, (this.#requestEpoch << 3) | REQUEST)
  }

  /** Milliseconds until a server is reached: none over the connection that is open. */
  #reach(url: string, at: number): number {
    const origin = url.slice(0, url.indexOf('/', 8))
    const isOpen = origin === this.#httpOrigin
    this.#httpOrigin = origin
    return isOpen ? 0 : this.#link.handshakeMs(at, HANDSHAKE_ROUND_TRIPS)
  }

  /** Everything drops: the link was cut, or the power is gone. Tells nobody. */
  drop(): void {
    this.#breaks++
    const connection = this.#connection
    this.#forget()
    connection?.destroy()
    this.#abandonRequest()
    this.#link.clear()
  }

  /** The link broke: everything drops, and whoever waits for it is told. */
  breakLink(reason: string, at: number): void {
    const hadConnection = this.#connection !== undefined
    const hadRequest = this.#request !== undefined
    this.drop()
    if (hadConnection) this.#user.onLost(reason, at)
    if (hadRequest) this.#user.onFetchFailed('reset', at)
  }

  wake(token: number): void {
    const what = token & 7
    const current = what >= REQUEST ? this.#requestEpoch : this.#epoch
    if (token >> 3 !== current) return
    switch (what) {
      case SEND:
        return this.#transmit(this.#outgoing.shift()!)
      case DELIVER:
        return this.#deliver(this.#incoming.shift()!)
      case CONNECT_TIMEOUT:
        return this.#connected ? undefined : this.#lose('timeout', this.#network.clock.now())
      case GO_OFFLINE:
        return this.breakLink('offline', this.#network.clock.now())
      case REQUEST:
        return this.#transmitRequest(this.#request!)
      case RESPOND:
        return this.#finishRequest()
      case REQUEST_TIMEOUT:
        return this.#request!.end ? undefined : this.#failRequest(this.#request!, this.#request!.deadline, 'timeout')
      default:
        throw new Error(`modem woken with token ${token}`)
    }
  }

  // What the transports tell.

  onConnected(sessionPresent: boolean): void {
    this.#receive({ do: 'connected', at: this.#arrival(this.#answeredAt(), MQTT_OVERHEAD_BYTES), sessionPresent })
  }

  onSubscribed(granted: readonly number[]): void {
    this.#receive({ do: 'subscribed', at: this.#arrival(this.#answeredAt(), MQTT_OVERHEAD_BYTES), granted })
  }

  onPublished(): void {}

  onMessage(topic: string, payload: Payload): void {
    const isAnswer = this.#asked !== undefined && topic.startsWith(this.#asked)
    const sentAt = isAnswer ? this.#answeredAt() : this.#network.clock.now()
    this.#receive({ do: 'message', at: this.#arrival(sentAt, topic.length + payload.length + MQTT_OVERHEAD_BYTES), topic, payload })
  }

  onClosed(reason: string): void {
    this.#receive({ do: 'closed', at: this.#network.clock.now(), reason })
  }

  onResponse(response: HttpResponse): void {
    const request = this.#request!
    const bytes = (request.headOnly ? 0 : response.body.length) + HTTP_OVERHEAD_BYTES
    const at = this.#link.down(this.#answeredAt(request.sendAt, request.sentClock!), bytes)
    const offlineAt = this.#link.nextOfflineAt(request.sendAt)
    if (at === Infinity || offlineAt < at) return this.#failRequest(request, Math.min(offlineAt, request.deadline), 'reset')
    if (at > request.deadline) return this.#failRequest(request, request.deadline, 'timeout')
    this.#endRequest(request, { at, response })
  }

  onFailed(reason: string): void {
    const request = this.#request!
    this.#failRequest(request, this.#answeredAt(request.sendAt, request.sentClock!), reason)
  }

  #send(outgoing: Outgoing, now: number): void {
    if (outgoing.at === Infinity) return this.#lose('reset', now)
    this.#outgoing.push(outgoing)
    this.#wake(outgoing.at, SEND)
  }

  #transmit(outgoing: Outgoing): void {
    this.#sentAt = outgoing.at
    this.#sentClock = this.#network.clock.now()
    switch (outgoing.do) {
      case 'connect':
        this.#wake(this.#sentClock + outgoing.patienceMs * this.#network.speed, CONNECT_TIMEOUT)
        this.#connection = this.#network.mqtt.connect(outgoing.options, new ConnectionHandler(this, this.#epoch))
        return
      case 'subscribe':
        return this.#connection?.subscribe(outgoing.subscriptions)
      case 'unsubscribe':
        return this.#connection?.unsubscribe(outgoing.filters)
      case 'publish':
        this.#asked = outgoing.topic
        return this.#connection?.publish(outgoing.topic, outgoing.payload, outgoing.qos)
    }
  }

  #receive(incoming: Incoming): void {
    if (incoming.at === Infinity) return this.#lose('reset', this.#network.clock.now())
    this.#incoming.push(incoming)
    this.#wake(incoming.at, DELIVER)
  }

  #deliver(incoming: Incoming): void {
    switch (incoming.do) {
      case 'connected': {
        // A window began while the handshake was under way.
        if (this.#link.onlineAt(incoming.at) > incoming.at) return this.#lose('offline', incoming.at)
        this.#connected = true
        const offlineAt = this.#link.nextOfflineAt(incoming.at)
        if (offlineAt !== Infinity) this.#wake(offlineAt, GO_OFFLINE)
        return this.#user.onConnected(incoming.sessionPresent, incoming.at)
      }
      case 'subscribed':
        return this.#user.onSubscribed(incoming.granted, incoming.at)
      case 'message':
        return this.#user.onMessage(incoming.topic, incoming.payload, incoming.at)
      case 'closed':
        return this.#lose(incoming.reason, incoming.at)
    }
  }

  #lose(reason: string, at: number): void {
    const connection = this.#connection
    this.#forget()
    connection?.destroy()
    this.#user.onLost(reason, at)
  }

  #forget(): void {
    this.#epoch++
    this.#connection = undefined
    this.#connected = false
    this.#asked = undefined
    this.#outgoing.clear()
    this.#incoming.clear()
  }

  #transmitRequest(request: Request): void {
    request.sentClock = this.#network.clock.now()
    const epoch = this.#requestEpoch
    const call = this.#network.http.request(request, new RequestHandler(this, epoch))
    if (this.#requestEpoch !== epoch || request.end) return
    this.#call = call
    const patienceMs = (request.deadline - request.sendAt) * this.#network.speed
    this.#network.clock.wake(request.sentClock + patienceMs, this, (epoch << 3) | REQUEST_TIMEOUT)
  }

  #failRequest(request: Request, at: number, reason: string): void {
    this.#request = request
    this.#httpOrigin = ''
    this.#endRequest(request, { at, reason })
  }

  #endRequest(request: Request, end: NonNullable<Request['end']>): void {
    request.end = end
    this.#network.clock.wake(end.at, this, (this.#requestEpoch << 3) | RESPOND)
  }

  #finishRequest(): void {
    const end = this.#request!.end!
    this.#abandonRequest('response' in end)
    if ('response' in end) this.#user.onFetched(end.response, end.at)
    else this.#user.onFetchFailed(end.reason, end.at)
  }

  #abandonRequest(keepConnection = false): void {
    this.#requestEpoch++
    if (!keepConnection) {
      this.#call?.abort()
      this.#httpOrigin = ''
    }
    this.#call = undefined
    this.#request = undefined
  }

  /** When the cloud's answer to what was sent left it, in the device's time. */
  #answeredAt(sentAt = this.#sentAt, sentClock = this.#sentClock): number {
    return sentAt + (this.#network.clock.now() - sentClock) / this.#network.speed
  }

  #arrival(sentAt: number, bytes: number): number {
    return this.#link.down(sentAt, bytes)
  }

  #wake(at: number, what: number): void {
    this.#network.clock.wake(at, this, (this.#epoch << 3) | what)
  }

  get epoch(): number {
    return this.#epoch
  }

  get requestEpoch(): number {
    return this.#requestEpoch
  }
}

/** A connection's own handler: what an earlier connection still says is not heard. */
class ConnectionHandler implements MqttHandler {
  readonly #modem: Modem
  readonly #epoch: number
  constructor(modem: Modem, epoch: number) {
    this.#modem = modem
    this.#epoch = epoch
  }
  onConnected(sessionPresent: boolean): void {
    if (this.#modem.epoch === this.#epoch) this.#modem.onConnected(sessionPresent)
  }
  onSubscribed(granted: readonly number[]): void {
    if (this.#modem.epoch === this.#epoch) this.#modem.onSubscribed(granted)
  }
  onPublished(): void {}
  onMessage(topic: string, payload: Payload): void {
    if (this.#modem.epoch === this.#epoch) this.#modem.onMessage(topic, payload)
  }
  onClosed(reason: string): void {
    if (this.#modem.epoch === this.#epoch) this.#modem.onClosed(reason)
  }
}

class RequestHandler implements HttpHandler {
  readonly #modem: Modem
  readonly #epoch: number
  constructor(modem: Modem, epoch: number) {
    this.#modem = modem
    this.#epoch = epoch
  }
  onResponse(response: HttpResponse): void {
    if (this.#modem.requestEpoch === this.#epoch) this.#modem.onResponse(response)
  }
  onFailed(reason: string): void {
    if (this.#modem.requestEpoch === this.#epoch) this.#modem.onFailed(reason)
  }
}
