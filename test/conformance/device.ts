import { connect } from 'mqtt'
import type { IClientOptions, IPublishPacket, MqttClient } from 'mqtt'
import { expect } from 'vitest'

/** Longest wait for a message that must come. */
const PATIENCE_MS = 5000

export interface DeviceOptions {
  readonly clientId?: string
  /** Seconds. */
  readonly keepalive?: number
  readonly clean?: boolean
  readonly will?: { readonly topic: string; readonly payload: string; readonly qos?: 0 | 1; readonly retain?: boolean }
}

export interface Message {
  readonly topic: string
  /** Parsed where it is JSON, text where it isn't. */
  readonly payload: any
  readonly bytes: Buffer
  readonly qos: number
  readonly retain: boolean
  readonly dup: boolean
}

/** A device, or any other MQTT client: MQTT.js, which knows nothing of the cloud. */
export class Device {
  readonly client: MqttClient
  readonly clientId: string
  /** Everything that it received, and nobody took with `next` or `request`. */
  readonly messages: Message[] = []
  /** Resolves when the connection has ended, whoever ended it. */
  readonly closed: Promise<void>
  readonly #waiting: { readonly wants: (message: Message) => boolean; readonly take: (message: Message) => void }[] = []
  /** Of the CONNACK. */
  sessionPresent = false

  private constructor(client: MqttClient, clientId: string) {
    this.client = client
    this.clientId = clientId
    this.closed = new Promise((resolve) => client.once('close', () => resolve()))
    client.on('message', (topic, bytes, packet) => this.#receive(topic, bytes, packet))
    client.on('error', () => {})
  }

  /** Rejects when the connection is refused. */
  static connect(address: IClientOptions, { clientId, keepalive = 60, clean = true, will }: DeviceOptions & { clientId: string }): Promise<Device> {
    const client = connect({
      ...address,
      clientId,
      keepalive,
      clean,
      protocolVersion: 4,
      reconnectPeriod: 0,
      connectTimeout: PATIENCE_MS,
      ...(will && { will: { qos: 0, retain: false, ...will, payload: Buffer.from(will.payload) } }),
    })
    const device = new Device(client, clientId)
    return new Promise((resolve, reject) => {
      client.once('connect', ({ sessionPresent }) => {
        device.sessionPresent = sessionPresent
        resolve(device)
      })
      client.once('error', reject)
      client.once('close', () => reject(new Error('the connection was closed before its CONNACK')))
    })
  }

  /** Granted QoS by filter, 128 for one that was refused. */
  async subscribe(...args: (string | { qos: 0 | 1 | 2 })[]): Promise<number[]> {
    const filters = args.filter((arg) => typeof arg === 'string')
    const { qos } = args.find((arg) => typeof arg !== 'string') ?? { qos: 1 as const }
    return new Promise((resolve, reject) => {
      this.client.subscribe(filters, { qos }, (error, granted, packet) => {
        const codes = (packet as { granted?: number[] } | undefined)?.granted
        if (codes) resolve(codes)
        else if (error) reject(error)
        else resolve((granted ?? []).map((grant) => grant.qos))
      })
    })
  }

  async unsubscribe(...filters: string[]): Promise<void> {
    await this.client.unsubscribeAsync(filters)
  }

  /** Resolves with the PUBACK of QoS 1, or when QoS 0 was sent. */
  async publish(topic: string, payload: object | string | Buffer = '', options: { qos?: 0 | 1 | 2; retain?: boolean } = {}): Promise<void> {
    await this.client.publishAsync(topic, encoded(payload), { qos: 1, ...options })
  }

  /** Publishes, and gives the answer on `<topic>/accepted` or `<topic>/rejected`. */
  async request(topic: string, payload: object | string | Buffer = {}): Promise<Message> {
    const answer = this.#next((message) => message.topic === `${topic}/accepted` || message.topic === `${topic}/rejected`, `an answer to ${topic}`)
    this.client.publish(topic, encoded(payload), { qos: 1 })
    return answer
  }

  /** The oldest message that nobody took yet, or the next one; of one topic if given. Rejects when none comes. */
  async next(topic?: string): Promise<Message> {
    return this.#next((message) => topic === undefined || message.topic === topic, topic ?? 'a message')
  }

  /** Nothing comes for so long (real milliseconds); on one topic if given. */
  async quiet(ms = 500, topic?: string): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms))
    expect(this.messages.filter((message) => topic === undefined || message.topic === topic)).toEqual([])
  }

  /** Sends no PUBACK from now on; what it returns sends those that are due, and lets further ones go. */
  withholdAcks(): () => void {
    const sender = this.client as unknown as { _sendPacket: (packet: { cmd: string }, sent?: () => void, ...more: unknown[]) => void }
    const send = sender._sendPacket.bind(this.client)
    const due: { cmd: string }[] = []
    sender._sendPacket = (packet, sent, ...more) => {
      if (packet.cmd !== 'puback') return send(packet, sent, ...more)
      due.push(packet)
      sent?.()
    }
    return () => {
      sender._sendPacket = send
      for (const packet of due) send(packet)
    }
  }

  /** DISCONNECT. */
  async end(): Promise<void> {
    await this.client.endAsync()
  }

  /** As a lost link: no DISCONNECT. */
  drop(): void {
    this.client.stream.destroy()
  }

  #receive(topic: string, bytes: Buffer, { qos, retain, dup }: IPublishPacket): void {
    const message = { topic, payload: decoded(bytes), bytes, qos, retain, dup }
    const at = this.#waiting.findIndex(({ wants }) => wants(message))
    if (at < 0) this.messages.push(message)
    else this.#waiting.splice(at, 1)[0]!.take(message)
  }

  #next(wants: (message: Message) => boolean, what: string): Promise<Message> {
    const at = this.messages.findIndex(wants)
    if (at >= 0) return Promise.resolve(this.messages.splice(at, 1)[0]!)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${this.clientId} waited ${PATIENCE_MS} ms for ${what}`)), PATIENCE_MS)
      const take = (message: Message) => {
        clearTimeout(timer)
        resolve(message)
      }
      this.#waiting.push({ wants, take })
    })
  }
}

function encoded(payload: object | string | Buffer): string | Buffer {
  return typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload)
}

function decoded(bytes: Buffer): unknown {
  const text = bytes.toString()
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
