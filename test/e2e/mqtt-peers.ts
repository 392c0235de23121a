import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { type Packet, parser } from 'mqtt-packet'
import { expect, vi } from 'vitest'
import type { MqttConnection, MqttConnectOptions, MqttHandler, MqttTransport, Payload } from '../../src/ports/mqtt.ts'
import type { BrokerAddress } from '../../src/transport/broker-address.ts'
import { MqttJsTransport } from '../../src/transport/mqttjs.ts'
import { PacketTransport } from '../../src/transport/packet/packet-transport.ts'

type Counted = (direction: 'in' | 'out', bytes: number) => void
export const TRANSPORTS = {
  packet: (address: BrokerAddress, onBytes?: Counted) => new PacketTransport(() => address, onBytes),
  'MQTT.js': (address: BrokerAddress, onBytes?: Counted) => new MqttJsTransport(() => address, onBytes),
}
export const HOST = '127.0.0.1'
const OPTIONS: MqttConnectOptions = { clientId: 'd1', clean: true, keepAliveSeconds: 30 }

/** Everything that a connection told, as text. */
export class Device implements MqttHandler {
  readonly told: string[] = []
  readonly payloads: Payload[] = []
  readonly connection: MqttConnection
  constructor(transport: MqttTransport, options: Partial<MqttConnectOptions> = {}) {
    this.connection = transport.connect({ ...OPTIONS, ...options }, this)
  }
  onConnected(sessionPresent: boolean): void {
    this.told.push(sessionPresent ? 'connected again' : 'connected')
  }
  onSubscribed(granted: readonly number[]): void {
    this.told.push(`granted ${granted.join()}`)
  }
  onPublished(): void {
    this.told.push('published')
  }
  onMessage(topic: string, payload: Payload): void {
    this.payloads.push(payload)
    this.told.push(`${topic} ${payload.length < 100 ? Buffer.from(payload as Uint8Array).toString() : `${payload.length} bytes`}`)
  }
  onClosed(reason: string): void {
    this.told.push(`closed: ${reason}`)
  }
  async tells(...expected: readonly string[]): Promise<void> {
    await vi.waitFor(() => expect(this.told).toEqual(expected), { timeout: 10_000, interval: 5 })
  }
}

/** A broker that answers as it is told to. */
export class OddBroker {
  readonly heard: Packet[] = []
  readonly sockets: Socket[] = []
  readonly server: Server
  #closed = 0

  constructor(answer: (packet: Packet, socket: Socket) => void, allowHalfOpen = false) {
    this.server = createServer({ allowHalfOpen }, (socket) => {
      this.sockets.push(socket)
      const packets = parser()
      packets.on('packet', (packet) => {
        this.heard.push(packet)
        answer(packet, socket)
      })
      socket.on('data', (data) => packets.parse(data))
      socket.on('error', () => {})
      socket.on('close', () => this.#closed++)
    })
  }

  async listen(): Promise<BrokerAddress> {
    await new Promise<void>((resolve) => this.server.listen(0, HOST, resolve))
    return { host: HOST, port: (this.server.address() as AddressInfo).port }
  }

  async hears(...commands: readonly string[]): Promise<void> {
    await vi.waitFor(() => expect(this.heard.map(({ cmd }) => cmd)).toEqual(commands), { timeout: 10_000, interval: 5 })
  }

  async losesAll(): Promise<void> {
    await vi.waitFor(() => expect(this.#closed).toBe(this.sockets.length), { timeout: 10_000, interval: 5 })
  }

  close(): void {
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
  }
}

/** Of success. */
export const CONNACK = Buffer.from([0x20, 2, 0, 0])
export const accept = (packet: Packet, socket: Socket) => void (packet.cmd === 'connect' && socket.write(CONNACK))
