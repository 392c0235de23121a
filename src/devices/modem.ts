import type { Link } from '../network/link.ts'
import type { Clock, Wakeable } from '../ports/clock.ts'
import type { HttpRequest, HttpResponse, HttpTransport } from '../ports/http.ts'
import type { MqttConnection, MqttConnectOptions, MqttHandler, MqttSubscription, MqttTransport, Payload } from '../ports/mqtt.ts'
import { HANDSHAKE_ROUND_TRIPS, HttpClient } from './http-client.ts'
import { lineUp, type Queued } from './line.ts'

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

// Tokens: the low two bits say what is due, the rest counts connections, so that what belongs to a lost one is ignored.
const SEND = 0
const DELIVER = 1
const CONNECT_TIMEOUT = 2
const GO_OFFLINE = 3

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

/**
 * A board's radio: MQTT and HTTP over one link. It keeps the device's own time: what the link delays is counted from when the device acted, not
 * from when a busy machine got round to it, and an answer's wall-clock time is not multiplied by the speed. So a run at 60 × shows the
 * delays of the scenario and not those of the simulator, as long as the simulator keeps up (which the generator's health tells). Timeouts on
 * answers run on the wall clock for the same reason.
 */
export class Modem implements Wakeable, MqttHandler {
  readonly #network: Network
  readonly #link: Link
  readonly #user: ModemUser
  #epoch = 0
  #connection: MqttConnection | undefined
  #connected = false
  #outgoing: Outgoing | undefined
  #incoming: Incoming | undefined
  /** The last thing sent that an answer is due to: its time for the device, the clock's, and the topic that answers begin with. */
  #sentAt = -Infinity
  #sentClock = -Infinity
  #asked: string | undefined
  /** Only while it is used: most of the time a device makes no requests. */
  #http: HttpClient | undefined
  #breaks = 0

  constructor(network: Network, link: Link, user: ModemUser) {
    this.#network = network
    this.#link = link
    this.#user = user
  }

  connect(now: number, options: MqttConnectOptions, timeoutMs: number): void {
    this.#forget()
    const from = this.#link.onlineAt(now)
    if (from > now + timeoutMs) return this.#wake(now + timeoutMs, CONNECT_TIMEOUT)
    const at = this.#link.up(from + this.#link.handshakeMs(from, HANDSHAKE_ROUND_TRIPS), MQTT_OVERHEAD_BYTES)
    this.#send({ do: 'connect', at, options, patienceMs: now + timeoutMs - at, next: undefined }, now)
  }

  subscribe(now: number, subscriptions: readonly MqttSubscription[]): void {
    const bytes = subscriptions.reduce((sum, { filter }) => sum + filter.length + 3, MQTT_OVERHEAD_BYTES)
    this.#send({ do: 'subscribe', at: this.#link.up(now, bytes), subscriptions, next: undefined }, now)
  }

  unsubscribe(now: number, filters: readonly string[]): void {
    const bytes = filters.reduce((sum, filter) => sum + filter.length + 2, MQTT_OVERHEAD_BYTES)
    this.#send({ do: 'unsubscribe', at: this.#link.up(now, bytes), filters, next: undefined }, now)
  }

  publish(now: number, topic: string, payload: Payload, qos: 0 | 1): void {
    const at = this.#link.up(now, topic.length + payload.length + MQTT_OVERHEAD_BYTES)
    this.#send({ do: 'publish', at, topic, payload, qos, next: undefined }, now)
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
  open(now: number, request: HttpRequest, timeoutMs: number): void {
    this.#client().open(now, request, timeoutMs)
  }

  /** Waits for so many more bytes of a body. */
  read(now: number, bytes: number): void {
    this.#client().read(now, bytes)
  }

  send(now: number, request: HttpRequest, timeoutMs: number): void {
    this.#client().send(now, request, timeoutMs)
  }

  #client(): HttpClient {
    return (this.#http ??= new HttpClient(this.#network, this.#link, this.#user))
  }

  /** Everything drops: the link was cut, or the power is gone. Tells nobody. */
  drop(): void {
    this.#breaks++
    const connection = this.#connection
    this.#forget()
    connection?.destroy()
    this.#http?.drop()
    this.#http = undefined
    this.#link.clear()
  }

  /** The link broke: everything drops, and whoever waits for it is told. */
  breakLink(reason: string, at: number): void {
    const hadConnection = this.#connection !== undefined
    const hadRequest = this.#http?.isBusy === true
    this.drop()
    if (hadConnection) this.#user.onLost(reason, at)
    if (hadRequest) this.#user.onFetchFailed('reset', at)
  }

  wake(token: number): void {
    if (token >> 2 !== this.#epoch) return
    switch (token & 3) {
      case SEND: {
        const outgoing = this.#outgoing!
        this.#outgoing = outgoing.next
        return this.#transmit(outgoing)
      }
      case DELIVER: {
        const incoming = this.#incoming!
        this.#incoming = incoming.next
        return this.#deliver(incoming)
      }
      case CONNECT_TIMEOUT:
        return this.#connected ? undefined : this.#lose('timeout', this.#network.clock.now())
      case GO_OFFLINE:
        return this.breakLink('offline', this.#network.clock.now())
    }
  }

  // What the transports tell.

  onConnected(sessionPresent: boolean): void {
    this.#receive({ do: 'connected', at: this.#link.down(this.#answeredAt(), MQTT_OVERHEAD_BYTES), sessionPresent, next: undefined })
  }

  onSubscribed(granted: readonly number[]): void {
    this.#receive({ do: 'subscribed', at: this.#link.down(this.#answeredAt(), MQTT_OVERHEAD_BYTES), granted, next: undefined })
  }

  onPublished(): void {}

  onMessage(topic: string, payload: Payload): void {
    const isAnswer = this.#asked !== undefined && topic.startsWith(this.#asked)
    const sentAt = isAnswer ? this.#answeredAt() : this.#network.clock.now()
    // It has its answer. A fleet that waits need not keep what it asked last.
    if (isAnswer) this.#asked = undefined
    this.#receive({
      do: 'message',
      at: this.#link.down(sentAt, topic.length + payload.length + MQTT_OVERHEAD_BYTES),
      topic,
      payload,
      next: undefined,
    })
  }

  onClosed(reason: string): void {
    this.#receive({ do: 'closed', at: this.#network.clock.now(), reason, next: undefined })
  }

  #send(outgoing: Outgoing, now: number): void {
    if (outgoing.at === Infinity) return this.#lose('reset', now)
    this.#outgoing = lineUp(this.#outgoing, outgoing)
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
    this.#incoming = lineUp(this.#incoming, incoming)
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
    this.#outgoing = undefined
    this.#incoming = undefined
  }

  /** When the cloud's answer to what was sent left it, in the device's time. */
  #answeredAt(): number {
    return this.#sentAt + (this.#network.clock.now() - this.#sentClock) / this.#network.speed
  }

  #wake(at: number, what: number): void {
    this.#network.clock.wake(at, this, (this.#epoch << 2) | what)
  }

  get epoch(): number {
    return this.#epoch
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
