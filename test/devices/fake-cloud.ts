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
  readonly #clock: Clock
  readonly #startMs: number
  #session: MqttHandler | undefined

  constructor(clock: Clock, startMs: number) {
    this.#clock = clock
    this.#startMs = startMs
  }

  get isConnected(): boolean {
    return this.#session !== undefined
  }

  /** Sends a message to the device. */
  send(topic: string, payload: Payload): void {
    this.#session?.onMessage(topic, payload)
  }

  /** Ends the connection, as a broker or a lost link does. */
  drop(reason = 'closed'): void {
    const session = this.#session
    this.#session = undefined
    session?.onClosed(reason)
  }

  connect(options: MqttConnectOptions, handler: MqttHandler): MqttConnection {
    const answer = this.connects.shift() ?? 'accept'
    this.note(
      `CONNECT ${options.clientId} ${options.clean ? 'clean' : 'kept'} ${options.keepAliveSeconds}s${answer === 'accept' ? '' : `: ${answer}`}`,
    )
    if (answer === 'accept') {
      this.#session = handler
      handler.onConnected(false)
    }
    if (answer === 'refuse') handler.onClosed('refused')
    const isOpen = () => this.#session === handler
    return {
      subscribe: (subscriptions) => {
        if (isOpen()) this.#subscribed(subscriptions)
      },
      publish: (topic, payload, qos) => {
        if (isOpen()) this.#published(topic, payload, qos)
      },
      disconnect: () => {
        if (isOpen()) this.#left('DISCONNECT')
      },
      destroy: () => {
        if (isOpen()) this.#left('GONE')
      },
    }
  }

  get(request: HttpRequest, handler: HttpHandler): HttpCall {
    this.requests.push(request)
    const range = request.headers['range']
    const answer = this.gets.shift() ?? 'serve'
    this.note(`GET ${request.url}${range ? ` ${range}` : ''}${typeof answer === 'function' || answer === 'serve' ? '' : `: ${answer}`}`)
    if (answer === 'reset') handler.onFailed('reset')
    else if (answer !== 'silence') {
      const good = fileAnswer(this.files.get(request.url), range)
      handler.onResponse(answer === 'serve' ? good : answer(good))
    }
    return { abort: () => this.note('GET given up') }
  }

  #subscribed(subscriptions: readonly MqttSubscription[]): void {
    this.note(`SUBSCRIBE ${subscriptions.map(({ filter, qos }) => `${filter} q${qos}`).join(', ')}`)
    this.#session!.onSubscribed(subscriptions.map(({ qos }) => qos))
  }

  #published(topic: string, payload: Payload, qos: 0 | 1): void {
    const text = typeof payload === 'string' ? payload : Buffer.from(payload).toString()
    this.note(`PUBLISH q${qos} ${topic} ${text}`)
    if (qos === 1) this.#session!.onPublished()
    this.listener(topic, text)
  }

  #left(how: string): void {
    this.#session = undefined
    this.note(how)
  }

  /** Writes a line of the transcript. */
  note(what: string): void {
    this.lines.push(`${Number(((this.#clock.now() - this.#startMs) / 1000).toFixed(3))} ${what}`)
  }
}

function fileAnswer(file: Uint8Array | undefined, range: string | undefined): HttpResponse {
  if (!file) return { status: 404, headers: { 'content-length': '0' }, body: new Uint8Array(0) }
  const match = /^bytes=(\d+)-(\d+)$/.exec(range ?? '')
  if (!match) return { status: 200, headers: { 'content-length': String(file.length) }, body: file }
  const from = Number(match[1])
  const to = Math.min(Number(match[2]), file.length - 1)
  return { status: 206, headers: { 'content-range': `bytes ${from}-${to}/${file.length}` }, body: file.subarray(from, to + 1) }
}
