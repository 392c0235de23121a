/** The MQTT port of a device: what a transport offers to a board. Payloads may be text, so that memory transports need not encode. */
export type Payload = string | Uint8Array

export interface MqttSubscription {
  readonly filter: string
  readonly qos: 0 | 1
}

export interface MqttConnectOptions {
  readonly clientId: string
  readonly clean: boolean
  readonly keepAliveSeconds: number
  readonly will?: { topic: string; payload: Payload; qos: 0 | 1; retain: boolean }
}

/** Callbacks of one connection. After `onClosed` nothing more is called. */
export interface MqttHandler {
  /** CONNACK with code 0. */
  onConnected(sessionPresent: boolean): void
  /** SUBACK: granted QoS for each filter in order, 128 = refused. */
  onSubscribed(granted: readonly number[]): void
  /** PUBACK of a QoS 1 publish, in the order of the publishes. */
  onPublished(): void
  onMessage(topic: string, payload: Payload): void
  /** The connection failed, was refused, or ended; `reason` is a short word such as `refused`, `closed`, `timeout`. */
  onClosed(reason: string): void
}

/** One live connection. Calls after it closed are ignored. */
export interface MqttConnection {
  subscribe(subscriptions: readonly MqttSubscription[]): void
  /** The UNSUBACK is nobody's business: no device kind waits for it. */
  unsubscribe(filters: readonly string[]): void
  publish(topic: string, payload: Payload, qos: 0 | 1, retain?: boolean): void
  /** Sends DISCONNECT (the will is not published) and closes. */
  disconnect(): void
  /** Drops the connection as a lost link does: no DISCONNECT. */
  destroy(): void
}

export interface MqttTransport {
  connect(options: MqttConnectOptions, handler: MqttHandler): MqttConnection
}
