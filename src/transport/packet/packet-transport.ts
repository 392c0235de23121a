import type { MqttConnection, MqttConnectOptions, MqttHandler, MqttTransport } from '../../ports/mqtt.ts'
import type { BrokerAddress } from '../broker-address.ts'
import { PacketConnection, type Shared } from './packet-connection.ts'
import { Sockets } from './sockets.ts'
import { Wheel } from './wheel.ts'

const TICK_MS = 1000

/**
 * MQTT 3.1.1 over TCP or mutual TLS for fleets, at QoS 0 and 1: all connections read into one buffer and share one timer. Boards reconnect by
 * themselves. It is held to MQTT.js's packets and behaviour by tests.
 */
export class PacketTransport implements MqttTransport, Shared {
  readonly sockets = new Sockets()
  readonly wheel = new Wheel(TICK_MS)
  readonly onBytes: (direction: 'in' | 'out', bytes: number) => void
  readonly #addressOf: (clientId: string) => BrokerAddress
  #unflushed: PacketConnection[] = []

  constructor(addressOf: (clientId: string) => BrokerAddress, onBytes: (direction: 'in' | 'out', bytes: number) => void = () => {}) {
    this.#addressOf = addressOf
    this.onBytes = onBytes
  }

  connect(options: MqttConnectOptions, handler: MqttHandler): MqttConnection {
    return new PacketConnection(this, this.#addressOf(options.clientId), options, handler)
  }

  flushSoon(connection: PacketConnection): void {
    if (this.#unflushed.length === 0) process.nextTick(() => this.#flush())
    this.#unflushed.push(connection)
  }

  /** Nothing outlives the connections. */
  async close(): Promise<void> {}

  #flush(): void {
    const connections = this.#unflushed
    this.#unflushed = []
    for (const connection of connections) connection.flush()
  }
}
