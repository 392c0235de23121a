import { createSecureContext, type SecureContext } from 'node:tls'
import type { Socket } from 'node:net'
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import type { MqttConnection, MqttConnectOptions, MqttHandler, MqttSubscription, MqttTransport, Payload } from '../ports/mqtt.ts'
import type { BrokerAddress } from './broker-address.ts'

/** Wall-clock limit for a connection to come up, far above what any simulated timeout needs: boards have their own. */
const CONNECT_TIMEOUT_MS = 60_000

/** MQTT 3.1.1 over TCP or mutual TLS through MQTT.js, the client that Node programs use in production. Boards reconnect by themselves. */
export class MqttJsTransport implements MqttTransport {
  readonly #addressOf: (clientId: string) => BrokerAddress
  readonly #onBytes: (direction: 'in' | 'out', bytes: number) => void
  /** By certificate: a fleet may share one, and a device connects again and again. */
  readonly #contexts = new Map<string, SecureContext>()

  constructor(addressOf: (clientId: string) => BrokerAddress, onBytes: (direction: 'in' | 'out', bytes: number) => void = () => {}) {
    this.#addressOf = addressOf
    this.#onBytes = onBytes
  }

  connect(options: MqttConnectOptions, handler: MqttHandler): MqttConnection {
    return new MqttJsConnection(this.#clientOptions(this.#addressOf(options.clientId)), options, handler, this.#onBytes)
  }

  #clientOptions({ host, port, tls }: BrokerAddress): IClientOptions {
    if (!tls) return { protocol: 'mqtt', host, port }
    let secureContext = this.#contexts.get(tls.cert)
    if (!secureContext) {
      secureContext = createSecureContext({ cert: tls.cert, key: tls.key, ...(tls.ca !== undefined && { ca: tls.ca }) })
      this.#contexts.set(tls.cert, secureContext)
    }
    // MQTT.js hands all of its options to `tls.connect`, those of which its types don't know, too.
    const options: IClientOptions & { secureContext: SecureContext } = { protocol: 'mqtts', host, port, secureContext }
    return tls.alpn === undefined ? options : { ...options, ALPNProtocols: [tls.alpn] }
  }

  /** Nothing outlives the connections. */
  async close(): Promise<void> {}
}

class MqttJsConnection implements MqttConnection {
  readonly #client: MqttClient
  readonly #handler: MqttHandler
  readonly #onBytes: (direction: 'in' | 'out', bytes: number) => void
  #reason = 'closed'
  #ended = false

  constructor(address: IClientOptions, options: MqttConnectOptions, handler: MqttHandler, onBytes: (direction: 'in' | 'out', bytes: number) => void) {
    this.#handler = handler
    this.#onBytes = onBytes
    const will = options.will && { ...options.will, payload: bufferOf(options.will.payload) }
    this.#client = connect({
      ...address,
      clientId: options.clientId,
      clean: options.clean,
      keepalive: options.keepAliveSeconds,
      protocolVersion: 4,
      reconnectPeriod: 0,
      resubscribe: false,
      connectTimeout: CONNECT_TIMEOUT_MS,
      timerVariant: 'native',
      ...(will ? { will } : {}),
    })
    // An acknowledgement and the next message would wait for each other's delayed ACK, some 40 ms for every round trip.
    ;(this.#client.stream as Socket).setNoDelay(true)
    this.#client.on('connect', (packet) => handler.onConnected(packet.sessionPresent))
    this.#client.on('message', (topic, payload) => {
      onBytes('in', topic.length + payload.length)
      handler.onMessage(topic, payload)
    })
    this.#client.on('error', (error) => (this.#reason = reasonOf(error)))
    this.#client.on('close', () => {
      if (this.#ended) return
      this.#ended = true
      this.#client.end(true)
      handler.onClosed(this.#reason)
    })
  }

  subscribe(subscriptions: readonly MqttSubscription[]): void {
    const filters = Object.fromEntries(subscriptions.map(({ filter, qos }) => [filter, { qos }]))
    this.#client.subscribe(filters, (error, granted) => {
      if (this.#ended) return
      this.#handler.onSubscribed(error || !granted ? subscriptions.map(() => 128) : granted.map((grant) => grant.qos))
    })
  }

  unsubscribe(filters: readonly string[]): void {
    if (!this.#ended) this.#client.unsubscribe([...filters])
  }

  publish(topic: string, payload: Payload, qos: 0 | 1, retain = false): void {
    if (this.#ended) return
    this.#onBytes('out', topic.length + payload.length)
    this.#client.publish(topic, bufferOf(payload), { qos, retain }, (error) => {
      if (!error && qos === 1 && !this.#ended) this.#handler.onPublished()
    })
  }

  disconnect(): void {
    if (this.#ended) return
    this.#ended = true
    this.#client.end(false)
  }

  destroy(): void {
    if (this.#ended) return
    this.#ended = true
    this.#client.end(true)
  }
}

function bufferOf(payload: Payload): Buffer {
  return typeof payload === 'string' ? Buffer.from(payload) : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
}

function reasonOf(error: Error & { code?: unknown }): string {
  if (error.code === 'ECONNREFUSED') return 'refused'
  if (error.code === 'ECONNRESET') return 'reset'
  return typeof error.code === 'number' ? `connack ${error.code}` : 'closed'
}
