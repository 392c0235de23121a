import type { Client, PublishPacket } from 'aedes'
import type { Payload } from '../../ports/mqtt.ts'
import { afterBug } from '../bug.ts'
import type { AedesConnection } from './aedes-connection.ts'
import { fail, hold, release } from './aedes-internals.ts'
import { REASON_OF_FORBIDDEN_PUBLISH } from './choices.ts'
import { publishProblem } from './limits.ts'
import type { MqttEngine } from './mqtt-engine.ts'
import type { DisconnectReason } from './presence.ts'
import { puback } from './publish-packet.ts'
import type { DirectReply } from './reserved.ts'

export type Done = (error?: Error | null) => void

/** What of the broker the inbox needs. */
export interface InboxOwner {
  isClosing(): boolean
  connectionOf(client: Client): AedesConnection
  blame(client: Client, reason: DisconnectReason): void
  drop(client: Client, reason: DisconnectReason): void
  reply(connection: AedesConnection, reply: DirectReply): void
}

/** What clients publish, before aedes hands it out: requests to services are answered, messages to others are checked and, with RETAIN, kept. */
export class AedesInbox {
  readonly #cloud: MqttEngine
  readonly #broker: InboxOwner

  constructor(cloud: MqttEngine, broker: InboxOwner) {
    this.#cloud = cloud
    this.#broker = broker
  }

  /** Of a client that is closed already, or gone, `packet` is the will: that cannot be a request. */
  take(client: Client | null, packet: PublishPacket, done: Done): void {
    if (this.#broker.isClosing()) return done(new Error('the cloud is closing'))
    if (!client || client.closed) return this.#takeWill(packet, done)
    this.#takeIn(this.#broker.connectionOf(client), packet, done)
  }

  /**
   * A request of a client that is connected, past aedes: nobody else gets anything of it. Until it is done, it counts as
   * in work (`readAtOnce`).
   */
  request(connection: AedesConnection, packet: PublishPacket & { readonly messageId?: number }): void {
    const { client, outbox } = connection
    if (this.#broker.isClosing()) return fail(client, new Error('the cloud is closing'))
    let isDone = false
    let isHeld = false
    this.#takeIn(connection, packet, (error) => {
      isDone = true
      if (error) fail(client, error)
      else if (packet.qos === 1) outbox.acknowledge(...puback(packet.messageId!))
      if (isHeld) release(client)
    })
    if (isDone || client.closed) return
    isHeld = true
    hold(client)
  }

  #takeIn(connection: AedesConnection, packet: PublishPacket, done: Done): void {
    if (connection.intake) connection.intake.take(packet, done, (acknowledge) => this.#safely(connection, packet, acknowledge))
    else this.#safely(connection, packet, done)
  }

  #takeWill(packet: PublishPacket, done: Done): void {
    if (packet.topic.startsWith('$') || publishProblem(packet.topic, packet.payload) !== undefined) return done(new Error('bad will'))
    this.#keepRetained(packet)
    this.#cloud.willPublished(packet.topic, packet.payload, packet.qos === 0 ? 0 : 1)
    done(null)
  }

  /** A message may have waited: nobody further up would catch what is thrown. */
  #safely(connection: AedesConnection, packet: PublishPacket, done: Done): void {
    try {
      this.#takeFrom(connection, packet, done)
    } catch (error) {
      this.#broker.drop(connection.client, 'SERVER_ERROR')
      afterBug(this.#cloud, error, undefined)
    }
  }

  #takeFrom(connection: AedesConnection, packet: PublishPacket, done: Done): void {
    const { client } = connection
    if (!connection.mayPublish(packet.topic, packet.retain)) return this.#refuse(client, packet, REASON_OF_FORBIDDEN_PUBLISH, done)
    if (packet.topic.startsWith('$')) return this.#request(connection, packet, done)
    this.#keepRetained(packet)
    this.#cloud.published(client.id, packet.topic, packet.payload, packet.qos === 0 ? 0 : 1)
    this.#whenDurable(client, () => {
      connection.outbox.writeAcknowledgements()
      done(null)
    })
  }

  /** Live it is a message like any other, and the cloud keeps it. */
  #keepRetained(packet: PublishPacket): void {
    if (packet.retain) this.#cloud.retained.set(packet.topic, packet.payload, packet.qos === 0 ? 0 : 1)
    packet.retain = false
  }

  #request(connection: AedesConnection, packet: PublishPacket, done: Done): void {
    const { client } = connection
    if (packet.retain) return this.#refuse(client, packet, 'CLIENT_ERROR', done)
    this.#cloud.request(packet.topic, packet.payload, (answer) => {
      if (client.closed) return
      if (answer === 'refused') return this.#refuse(client, packet, 'CLIENT_ERROR', done)
      if (answer === 'failed') return this.#broker.drop(client, 'SERVER_ERROR')
      this.#whenDurable(client, () => this.#reply(connection, answer, done))
    })
  }

  #refuse(client: Client, { topic }: PublishPacket, reason: DisconnectReason, done: Done): void {
    this.#broker.blame(client, reason)
    done(new Error(`the client may not publish to ${topic}`))
  }

  /** What is acknowledged survives the process. */
  #whenDurable(client: Client, acknowledge: () => void): void {
    const durable = this.#cloud.store?.durable()
    if (durable)
      durable.then(
        () => !client.closed && acknowledge(),
        () => this.#broker.drop(client, 'SERVER_ERROR'),
      )
    else acknowledge()
  }

  /** PUBACK and replies leave in one write. */
  #reply(connection: AedesConnection, replies: readonly DirectReply[], done: Done): void {
    done(null)
    for (const reply of replies) this.#broker.reply(connection, reply)
  }
}

export function message(topic: string, payload: Payload, qos: 0 | 1): PublishPacket {
  return { cmd: 'publish', topic, payload: typeof payload === 'string' ? payload : Buffer.from(payload), qos, dup: false, retain: false }
}
