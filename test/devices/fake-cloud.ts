import type { Clock } from '../../src/ports/clock.ts'
import type { HttpCall, HttpHandler, HttpRequest, HttpResponse, HttpTransport } from '../../src/ports/http.ts'
import type { MqttConnection, MqttConnectOptions, MqttHandler, MqttSubscription, MqttTransport, Payload } from '../../src/ports/mqtt.ts'

/** How one connect attempt ends: CONNACK, a refusal, or nothing at all. */
export type ConnectAnswer = 'accept' | 'refuse' | 'silence'

/** How one GET ends: by the files there are, by a reset, by nothing at all, or with what a test makes of the good answer. */
export type GetAnswer = 'serve' | 'reset' | 'silence' | ((good: HttpResponse) => HttpResponse)

/** Hears what the device publishes, and may answer. */
export type Listener = (topic: string, payload: string) => void

/**
 * The other end of a board's radio. It writes down what the device sends, a line each with the second in which it came, and answers from
 * scripts: each list is used up from its front, and then everything goes well.
 */
export class FakeCloud implements MqttTransport, HttpTransport {
  readonly lines: string[] = []
  readonly connects: ConnectAnswer[] = []
  readonly gets: GetAnswer[] = []
  readonly requests: HttpRequest[] = []
  /** By URL. */
  readonly files = new Map<string, Uint8Array>()
  /** Whoever answers what is published. */
  listener: Listener = () => {}
  /** Payloads as text: for the transcript and for the listener. */
  textOf: (topic: string, payload: Payload) => string = (_topic, payload) => (typeof payload === 'string' ? payload : Buffer.from(payload).toString())
  readonly #clock: Clock
  readonly #startMs: number
  /** By client id. */
  readonly #sessions = new Map<string, MqttHandler>()

  constructor(clock: Clock, startMs: number) {
    this.#clock = clock
    this.#startMs = startMs
  }

  /** Sends a message to whoever is connected. */
  send(topic: string, payload: Payload): void {
    for (const handler of this.#sessions.values()) handler.onMessage(topic, payload)
  }

  /** Ends every connection, as a broker or a lost link does. */
  drop(reason = 'closed'): void {
    const handlers = [...this.#sessions.values()]
    this.#sessions.clear()
    for (const handler of handlers) handler.onClosed(reason)
  }

  connect({ clientId, clean, keepAliveSeconds }: MqttConnectOptions, handler: MqttHandler): MqttConnection {
    const answer = this.connects.shift() ?? 'accept'
    this.note(`CONNECT ${clientId} ${clean ? 'clean' : 'kept'} ${keepAliveSeconds}s${answer === 'accept' ? '' : `: ${answer}`}`)
    if (answer === 'accept') {
      const before = this.#sessions.get(clientId)
      this.#sessions.set(clientId, handler)
      before?.onClosed('closed')
      handler.onConnected(false)
    }
    if (answer === 'refuse') handler.onClosed('refused')
    const ifOpen = (act: () => void) => {
      if (this.#sessions.get(clientId) === handler) act()
    }
    const leave = (how: string) => {
      this.#sessions.delete(clientId)
      this.note(how)
    }
    return {
      subscribe: (subscriptions) => ifOpen(() => this.#subscribed(handler, subscriptions)),
      unsubscribe: (filters) => ifOpen(() => this.note(`UNSUBSCRIBE ${filters.join(', ')}`)),
      publish: (topic, payload, qos) => ifOpen(() => this.#published(handler, topic, payload, qos)),
      disconnect: () => ifOpen(() => leave('DISCONNECT')),
      destroy: () => ifOpen(() => leave('GONE')),
    }
  }

  request(request: HttpRequest, handler: HttpHandler): HttpCall {
    this.requests.push(request)
    const range = request.headers['range']
    const answer = this.gets.shift() ?? 'serve'
    const { method = 'GET', url, body } = request
    this.note(
      `${method} ${url}${range ? ` ${range}` : ''}${body === undefined ? '' : ` ${body}`}${typeof answer === 'function' || answer === 'serve' ? '' : `: ${answer}`}`,
    )
    if (answer === 'reset') handler.onFailed('reset')
    else if (answer !== 'silence') {
      const good = fileAnswer(this.files.get(request.url), range)
      handler.onResponse(answer === 'serve' ? good : answer(good))
    }
    return { abort: () => this.note('GET given up') }
  }

  #subscribed(handler: MqttHandler, subscriptions: readonly MqttSubscription[]): void {
    this.note(`SUBSCRIBE ${subscriptions.map(({ filter, qos }) => `${filter} q${qos}`).join(', ')}`)
    handler.onSubscribed(subscriptions.map(({ qos }) => qos))
  }

  #published(handler: MqttHandler, topic: string, payload: Payload, qos: 0 | 1): void {
    const text = this.textOf(topic, payload)
    this.note(`PUBLISH q${qos} ${topic} ${text}`)
    if (qos === 1) handler.onPublished()
    this.listener(topic, text)
  }

  /** Writes a line of the transcript. */
  note(what: string): void {
    this.lines.push(`${Number(((this.#clock.now() - this.#startMs) / 1000).toFixed(3))} ${what}`)
  }
}

function fileAnswer(file: Uint8Array | undefined, range: string | undefined): HttpResponse {
  if (!file) return { status: 404, headers: { 'content-length': '0' }, body: new Uint8Array(0) }
  const match = /^bytes=(\d+)-(\d*)$/.exec(range ?? '')
  if (!match) return { status: 200, headers: { 'content-length': String(file.length) }, body: file }
  const from = Number(match[1])
  if (from >= file.length) return { status: 416, headers: { 'content-range': `bytes */${file.length}` }, body: new Uint8Array(0) }
  const to = Math.min(Number(match[2] || Infinity), file.length - 1)
  return { status: 206, headers: { 'content-range': `bytes ${from}-${to}/${file.length}` }, body: file.subarray(from, to + 1) }
}
