import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { MqttConnection, MqttConnectOptions, MqttHandler, MqttSubscription, MqttTransport, Payload } from '../ports/mqtt.ts'
import type { FromSdk, ToSdk } from './aws-sdk-protocol.ts'
import type { BrokerAddress } from './broker-address.ts'

const PROGRAM = fileURLToPath(new URL('./aws-sdk-program.js', import.meta.url))

/**
 * The AWS IoT Device SDK v2 in a process of its own (`aws-sdk-program.ts`): MQTT 3.1.1, jobs requests through its jobs client. It has no way to drop a
 * connection: a lost link looks to the cloud like a DISCONNECT.
 */
export class AwsSdkTransport implements MqttTransport {
  readonly #addressOf: (clientId: string) => BrokerAddress
  readonly #onBytes: (direction: 'in' | 'out', bytes: number) => void
  readonly #child: ChildProcess
  readonly #handlers = new Map<number, MqttHandler>()
  #connections = 0

  constructor(addressOf: (clientId: string) => BrokerAddress, onBytes: (direction: 'in' | 'out', bytes: number) => void = () => {}) {
    this.#addressOf = addressOf
    this.#onBytes = onBytes
    this.#child = fork(PROGRAM, { serialization: 'advanced', execArgv: [] })
    this.#child.on('message', (message) => this.#receive(message as FromSdk))
    this.#child.once('exit', () => this.#lost())
  }

  connect(options: MqttConnectOptions, handler: MqttHandler): MqttConnection {
    const id = ++this.#connections
    this.#handlers.set(id, handler)
    this.#send({ type: 'connect', id, address: this.#addressOf(options.clientId), options })
    return {
      subscribe: (subscriptions: readonly MqttSubscription[]) => this.#send({ type: 'subscribe', id, subscriptions }),
      unsubscribe: (filters: readonly string[]) => this.#send({ type: 'unsubscribe', id, filters }),
      publish: (topic: string, payload: Payload, qos: 0 | 1, retain = false) => {
        if (!this.#handlers.has(id)) return
        this.#onBytes('out', topic.length + payload.length)
        this.#send({ type: 'publish', id, topic, payload, qos, retain })
      },
      disconnect: () => this.#end(id),
      destroy: () => this.#end(id),
    }
  }

  /** Ends the process. */
  close(): Promise<void> {
    this.#handlers.clear()
    if (!this.#child.connected) return Promise.resolve()
    return new Promise((resolve) => {
      this.#child.once('exit', () => resolve())
      this.#child.disconnect()
    })
  }

  #send(message: ToSdk): void {
    if (this.#child.connected && (message.type === 'disconnect' || this.#handlers.has(message.id))) this.#child.send(message)
  }

  #end(id: number): void {
    if (this.#handlers.delete(id)) this.#send({ type: 'disconnect', id })
  }

  #receive(message: FromSdk): void {
    const handler = this.#handlers.get(message.id)
    if (!handler) return
    if (message.type === 'connected') handler.onConnected(message.sessionPresent)
    else if (message.type === 'subscribed') handler.onSubscribed(message.granted)
    else if (message.type === 'published') handler.onPublished()
    else if (message.type === 'message') {
      this.#onBytes('in', message.topic.length + message.payload.length)
      handler.onMessage(message.topic, message.payload)
    } else {
      this.#handlers.delete(message.id)
      handler.onClosed(message.reason)
    }
  }

  #lost(): void {
    const handlers = [...this.#handlers.values()]
    this.#handlers.clear()
    for (const handler of handlers) handler.onClosed('closed')
  }
}
