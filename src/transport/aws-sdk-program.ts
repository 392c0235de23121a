import { iot, iotjobs, mqtt } from 'aws-iot-device-sdk-v2'
import type { MqttConnectOptions } from '../ports/mqtt.ts'
import type { FromSdk, ToSdk } from './aws-sdk-protocol.ts'
import type { BrokerAddress } from './broker-address.ts'

/**
 * A process of its own for the AWS IoT Device SDK: its native part aborts the whole process when a thread that used it ends. It serves the devices of
 * one worker, and ends when the worker's end of the channel is closed.
 */

/** Longest wait of the SDK for an answer to a jobs request, in seconds. */
const OPERATION_TIMEOUT_SECONDS = 60
const MAX_STREAMING_SUBSCRIPTIONS = 1
const MAX_REQUEST_SUBSCRIPTIONS = 8
const CONNECT_TIMEOUT_MS = 60_000
const PING_TIMEOUT_MS = 10_000
const JOBS_REQUEST = /^\$aws\/things\/([^/]+)\/jobs\/(?:(get)|(start-next)|([^/]+)\/(get|update))$/

const client = new mqtt.MqttClient()
const connections = new Map<number, SdkConnection>()

class SdkConnection {
  readonly #id: number
  readonly #connection: mqtt.MqttClientConnection
  /** Topics of answers that only the jobs client would see, because the device listens to no such topic. */
  readonly #awaited = new Set<string>()
  #jobs: iotjobs.IotJobsClientv2 | undefined
  #hasEnded = false

  constructor(id: number, address: BrokerAddress, options: MqttConnectOptions) {
    this.#id = id
    this.#connection = client.new_connection(configOf(address, options))
    this.#connection.on('message', (topic, payload) => {
      this.#awaited.delete(topic)
      this.#tell({ type: 'message', id, topic, payload: new Uint8Array(payload) })
    })
    // Boards reconnect by themselves; the SDK would too.
    this.#connection.on('interrupt', () => this.#end('closed'))
    this.#connection.on('error', () => this.#end('closed'))
    this.#connection.connect().then(
      (sessionPresent) => this.#tell({ type: 'connected', id, sessionPresent }),
      () => this.#end('refused'),
    )
  }

  async subscribe(subscriptions: Extract<ToSdk, { type: 'subscribe' }>['subscriptions']): Promise<void> {
    // The SDK has no SUBSCRIBE with several filters in its API.
    const granted = await Promise.all(
      subscriptions.map(({ filter, qos }) =>
        this.#connection.subscribe(filter, qos).then(
          (suback) => (suback.error_code ? 128 : suback.qos),
          () => 128,
        ),
      ),
    )
    this.#tell({ type: 'subscribed', id: this.#id, granted })
  }

  unsubscribe(filters: readonly string[]): void {
    for (const filter of filters) this.#connection.unsubscribe(filter).catch(() => undefined)
  }

  /** Requests to the jobs service go through the SDK's own client for it, everything else as it is. */
  async publish({ topic, payload, qos, retain }: Extract<ToSdk, { type: 'publish' }>): Promise<void> {
    const match = retain ? null : JOBS_REQUEST.exec(topic)
    if (match) await this.#request(match, payload)
    else await this.#connection.publish(topic, payload as string, qos, retain).catch(() => undefined)
    if (qos === 1) this.#tell({ type: 'published', id: this.#id })
  }

  disconnect(): void {
    this.#end(undefined)
  }

  /** AWS sends an answer to who asked, subscribed or not: where the device doesn't listen, the jobs client's answer is handed on. */
  async #request(match: RegExpExecArray, payload: string | Uint8Array): Promise<void> {
    const [accepted, rejected] = [`${match[0]}/accepted`, `${match[0]}/rejected`]
    this.#awaited.add(accepted).add(rejected)
    const [topic, answer] = await this.#call(match, fieldsOf(payload)).then(
      (response) => [accepted, response] as const,
      (error: { modeledError?: object }) => [rejected, error.modeledError] as const,
    )
    if (this.#awaited.delete(topic) && answer) this.#tell({ type: 'message', id: this.#id, topic, payload: Buffer.from(wireText(answer)) })
    this.#awaited.delete(accepted)
    this.#awaited.delete(rejected)
  }

  #call([, thing, get, startNext, jobId, verb]: RegExpExecArray, fields: object): Promise<object> {
    this.#jobs ??= iotjobs.IotJobsClientv2.newFromMqtt311(this.#connection, {
      maxRequestResponseSubscriptions: MAX_REQUEST_SUBSCRIPTIONS,
      maxStreamingSubscriptions: MAX_STREAMING_SUBSCRIPTIONS,
      operationTimeoutInSeconds: OPERATION_TIMEOUT_SECONDS,
    })
    const request = { ...fields, thingName: thing! }
    if (get !== undefined) return this.#jobs.getPendingJobExecutions(request)
    if (startNext !== undefined) return this.#jobs.startNextPendingJobExecution(request)
    if (verb === 'get') return this.#jobs.describeJobExecution({ ...request, jobId: jobId! })
    return this.#jobs.updateJobExecution({ ...request, jobId: jobId! } as iotjobs.model.UpdateJobExecutionRequest)
  }

  /** `reason` is undefined when the device itself ended the connection. */
  #end(reason: string | undefined): void {
    if (this.#hasEnded) return
    if (reason !== undefined) this.#tell({ type: 'closed', id: this.#id, reason })
    this.#hasEnded = true
    connections.delete(this.#id)
    this.#jobs?.close()
    this.#connection.disconnect().catch(() => undefined)
  }

  #tell(message: FromSdk): void {
    if (!this.#hasEnded && process.connected) process.send!(message)
  }
}

function configOf({ host, port, tls }: BrokerAddress, { clientId, clean, keepAliveSeconds, will }: MqttConnectOptions): mqtt.MqttConnectionConfig {
  const builder = tls
    ? iot.AwsIotMqttConnectionConfigBuilder.new_mtls_builder(tls.cert, tls.key)
    : iot.AwsIotMqttConnectionConfigBuilder.new_default_builder()
  if (tls?.ca !== undefined) builder.with_certificate_authority(tls.ca)
  builder
    .with_endpoint(host)
    .with_port(port)
    .with_client_id(clientId)
    .with_clean_session(clean)
    .with_keep_alive_seconds(keepAliveSeconds)
    .with_timeout_ms(CONNECT_TIMEOUT_MS)
    .with_ping_timeout_ms(PING_TIMEOUT_MS)
  if (will) builder.with_will(new mqtt.MqttWill(will.topic, will.qos, will.payload as string, will.retain))
  const config = builder.build()
  // The builder always sets TLS up; the embedded cloud of a run listens without.
  if (!tls) delete (config as { tls_ctx?: unknown }).tls_ctx
  return config
}

/** The fields of a request as the SDK takes them: numbers are numbers, and there is no null. */
function fieldsOf(payload: string | Uint8Array): object {
  if (payload.length === 0) return {}
  const given = JSON.parse(typeof payload === 'string' ? payload : Buffer.from(payload).toString()) as Record<string, unknown>
  const fields = Object.entries(given).filter(([, value]) => value !== null)
  return Object.fromEntries(fields.map(([name, value]) => [name, name === 'expectedVersion' ? Number(value) : value]))
}

/** What the SDK made of an answer, as it was on the wire. */
function wireText(answer: object): string {
  return JSON.stringify(answer, function (this: Record<string, unknown>, name, value: unknown) {
    const original = this[name]
    return original instanceof Date ? original.getTime() / 1000 : value
  })
}

process.on('message', (message: ToSdk) => {
  if (message.type === 'connect') {
    connections.set(message.id, new SdkConnection(message.id, message.address, message.options))
    return
  }
  const connection = connections.get(message.id)
  if (message.type === 'subscribe') void connection?.subscribe(message.subscriptions)
  else if (message.type === 'unsubscribe') connection?.unsubscribe(message.filters)
  else if (message.type === 'publish') void connection?.publish(message)
  else connection?.disconnect()
})
process.on('disconnect', () => process.exit(0))
