import type { Client, ConnectPacket, PublishPacket } from 'aedes'
import { afterBug } from '../bug.ts'
import type { AedesConnection } from './aedes-connection.ts'
import type { AedesInbox } from './aedes-inbox.ts'
import { fail, refreshKeepAlive } from './aedes-internals.ts'
import type { ClientPacket, Inspector } from './aedes-internals.ts'
import type { AedesSubscriptions } from './aedes-subscriptions.ts'
import { MAX_FILTERS_PER_SUBSCRIBE, publishProblem } from './limits.ts'
import type { MqttEngine } from './mqtt-engine.ts'
import type { DisconnectReason } from './presence.ts'
import { isWellFormed } from './topic-filter.ts'

/** Packets that a client may send before its CONNACK. */
export const QUEUE_LIMIT = 1000

/** What of the broker the packets need. */
interface PacketsOwner {
  /** Whether the client is connected, or refused, without aedes. */
  connect(connection: AedesConnection, packet: ConnectPacket): boolean
  blame(client: Client, reason: DisconnectReason): void
  drop(client: Client, reason: DisconnectReason): false
}

/** Every packet of every client: what is forbidden ends the connection or is left unanswered, what devices send all day is done here, the rest is aedes's. */
export class AedesPackets implements Inspector<AedesConnection> {
  readonly #cloud: MqttEngine
  readonly #inbox: AedesInbox
  readonly #subscriptions: AedesSubscriptions
  readonly #broker: PacketsOwner

  constructor(cloud: MqttEngine, inbox: AedesInbox, subscriptions: AedesSubscriptions, broker: PacketsOwner) {
    this.#cloud = cloud
    this.#inbox = inbox
    this.#subscriptions = subscriptions
    this.#broker = broker
  }

  readonly isTaken = (connection: AedesConnection, packet: ClientPacket): boolean =>
    !connection.client.conn.destroyed && this.#isTaken(connection, packet)

  readonly garbage = ({ client }: AedesConnection): void => this.#broker.blame(client, 'CLIENT_ERROR')

  readonly failed = ({ client }: AedesConnection, error: unknown): void => {
    this.#broker.drop(client, 'SERVER_ERROR')
    afterBug(this.#cloud, error, undefined)
  }

  #isTaken(connection: AedesConnection, packet: ClientPacket): boolean {
    const { client } = connection
    // aedes ends a connection that does not begin with a CONNECT.
    if (!client.connected && packet.cmd !== 'connect') return connection.asked ? this.#keepEarly(connection, packet) : true
    switch (packet.cmd) {
      case 'connect':
        if (!connection.asked) return !this.#broker.connect(connection, packet as unknown as ConnectPacket)
        this.#broker.blame(client, 'CLIENT_ERROR')
        return true
      case 'disconnect':
        this.#broker.blame(client, 'CLIENT_INITIATED_DISCONNECT')
        return true
      case 'publish':
        if (publishProblem(packet.topic!, packet.payload!) !== undefined) return this.#broker.drop(client, 'CLIENT_ERROR')
        if (packet.qos === 2 || !connection.admits('mqtt:PublishIn')) return false
        if (!packet.topic!.startsWith('$')) return true
        refreshKeepAlive(client)
        this.#inbox.request(connection, packet as PublishPacket)
        return false
      case 'unsubscribe':
        connection.filtersChanged()
        return true
      case 'subscribe':
        connection.filtersChanged()
        if (packet.subscriptions!.length > MAX_FILTERS_PER_SUBSCRIBE) return this.#broker.drop(client, 'CLIENT_ERROR')
        if (packet.subscriptions!.some(({ qos }) => qos === 2) || this.#cloud.limits?.admit('mqtt:Subscribe') === false) return false
        // aedes ends a connection with a malformed filter.
        if (!packet.subscriptions!.every(({ topic }) => isWellFormed(topic))) return true
        refreshKeepAlive(client)
        this.#subscriptions.take(connection, packet.messageId!, packet.subscriptions!)
        return false
      case 'puback':
        connection.outbox.acknowledged(packet.messageId!)
        refreshKeepAlive(client)
        // Only a session keeps what is not acknowledged.
        return !client.clean
      case 'pubrec':
      case 'pubrel':
      case 'pubcomp':
        return false
      default:
        return true
    }
  }

  /** What comes with a CONNECT waits for what becomes of it. */
  #keepEarly(connection: AedesConnection, packet: ClientPacket): false {
    connection.early ??= []
    if (connection.early.length >= QUEUE_LIMIT) fail(connection.client, new Error('too many packets before the CONNACK'))
    else connection.early.push(packet)
    return false
  }
}
