import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import type { MqttConnection, MqttConnectOptions, MqttHandler, MqttSubscription, Payload } from '../../ports/mqtt.ts'
import type { BrokerAddress } from '../broker-address.ts'
import type { PacketReceiver } from './decode.ts'
import { connectPacket, DISCONNECT, PINGREQ, pubackPacket, publishPacket, subscribePacket, unsubscribePacket } from './encode.ts'
import { type PacketPart, readPackets } from './frames.ts'
import type { Sockets } from './sockets.ts'
import type { Waiting, Wheel } from './wheel.ts'

// Wall-clock limits in ticks of the wheel, seconds: far above what a busy machine needs, as boards have their own timeouts.
const CONNECT_TICKS = 60
const LEAST_PONG_TICKS = 10
const LEAVE_TICKS = 10
/** Written, but not taken by the system: a broker that doesn't read any more. The connection is closed. */
const MAX_UNSENT_BYTES = 16 * 1024 * 1024
/** MQTT 3.1.1 §2.3.1. When so many QoS 1 publishes lack their PUBACK the connection is closed. */
const MAX_ID = 65_535

/** What every connection of one thread reads into: it is emptied before the next one reads. */
const received = Buffer.allocUnsafeSlow(64 * 1024)

/** What the connections of a transport share. */
export interface Shared {
  readonly sockets: Sockets
  /** Ticks once a second. */
  readonly wheel: Wheel
  readonly onBytes: (direction: 'in' | 'out', bytes: number) => void
  /** Calls `flush` once this turn is over. */
  flushSoon(connection: PacketConnection): void
}

/** One connection. Fields that most devices don't need are made when they are. */
export class PacketConnection implements MqttConnection, PacketReceiver, Waiting {
  readonly #shared: Shared
  readonly #socket: Socket
  readonly #handler: MqttHandler
  readonly #keepAliveSeconds: number
  #state: 'connecting' | 'connected' | 'pinging' | 'leaving' | 'over' = 'connecting'
  #reason = 'closed'
  /** When something was sent last, in ticks. */
  #sentAt = 0
  #lastId = 0
  /** SUBSCRIBEs that were not answered. */
  #subscribing = 0
  /** Identifiers of the publishes that were not acknowledged. */
  #publishing: number[] | undefined
  /** What this turn sends. */
  #unsent: Buffer[] | undefined
  #part: PacketPart | undefined
  dueAt = 0
  earlier: Waiting | undefined
  later: Waiting | undefined

  constructor(shared: Shared, address: BrokerAddress, options: MqttConnectOptions, handler: MqttHandler) {
    this.#shared = shared
    this.#handler = handler
    this.#keepAliveSeconds = options.keepAliveSeconds
    this.#socket = shared.sockets.open(address, options.clientId, { buffer: received, callback: (size) => this.#receive(size) })
    this.#socket.on('error', (error: NodeJS.ErrnoException) => (this.#reason = reasonOf(error.code)))
    this.#socket.on('close', () => this.#end(this.#reason))
    this.#socket.write(connectPacket(options))
    shared.wheel.add(this, CONNECT_TICKS)
  }

  subscribe(subscriptions: readonly MqttSubscription[]): void {
    if (this.#hasEnded) return
    this.#subscribing++
    this.#send(subscribePacket(this.#nextId(), subscriptions))
  }

  unsubscribe(filters: readonly string[]): void {
    if (!this.#hasEnded) this.#send(unsubscribePacket(this.#nextId(), filters))
  }

  publish(topic: string, payload: Payload, qos: 0 | 1, retain = false): void {
    if (this.#hasEnded) return
    this.#shared.onBytes('out', topic.length + payload.length)
    const id = qos === 1 ? this.#nextId() : 0
    if (qos === 1 && (this.#publishing ??= []).push(id) === MAX_ID) return this.#end('closed')
    this.#send(publishPacket(topic, payload, qos, retain, id))
  }

  disconnect(): void {
    if (this.#hasEnded) return
    this.#send(DISCONNECT)
    this.flush()
    this.#state = 'leaving'
    // The broker closes now (MQTT 3.1.1 §3.14.4). To close first would be a reset if it had something on the way, and it might publish the will.
    this.#socket.end()
    this.#shared.wheel.add(this, LEAVE_TICKS)
  }

  destroy(): void {
    if (this.#hasEnded) return
    // What was sent before the link was lost is on its way.
    this.flush()
    this.#close()
  }

  /** Sends what waits for it, in one piece. */
  flush(): void {
    const unsent = this.#unsent
    if (!unsent) return
    this.#unsent = undefined
    this.#sentAt = this.#shared.wheel.now
    this.#socket.write(unsent.length === 1 ? unsent[0]! : Buffer.concat(unsent))
    if (this.#socket.writableLength > MAX_UNSENT_BYTES) this.#end('closed')
  }

  // What the broker says.

  onConnack(sessionPresent: boolean, code: number): boolean {
    if (this.#state !== 'connecting') return false
    if (code !== 0) {
      this.#end(`connack ${code}`)
      return false
    }
    this.#state = 'connected'
    if (this.#keepAliveSeconds > 0) this.#shared.wheel.add(this, this.#pingAfterTicks)
    else this.#shared.wheel.remove(this)
    this.#handler.onConnected(sessionPresent)
    return this.#isConnected
  }

  onPublish(topic: string, payload: Uint8Array, id: number): boolean {
    if (!this.#isConnected) return false
    this.#shared.onBytes('in', topic.length + payload.length)
    this.#handler.onMessage(topic, payload)
    if (id > 0 && this.#isConnected) this.#send(pubackPacket(id))
    return this.#isConnected
  }

  onPuback(id: number): boolean {
    const at = this.#publishing?.indexOf(id) ?? -1
    if (at >= 0) {
      if (this.#publishing!.length === 1) this.#publishing = undefined
      else this.#publishing!.splice(at, 1)
      this.#handler.onPublished()
    }
    return this.#isConnected
  }

  onSuback(granted: number[]): boolean {
    if (!this.#isConnected || this.#subscribing === 0) return this.#isConnected
    this.#subscribing--
    this.#handler.onSubscribed(granted)
    return this.#isConnected
  }

  onPingresp(): boolean {
    if (this.#state !== 'pinging') return this.#isConnected
    this.#state = 'connected'
    this.#shared.wheel.add(this, this.#pingAfterTicks)
    return true
  }

  /** The wheel's: what was waited for did not come. */
  onDue(): void {
    if (this.#state !== 'connected') return this.#end('timeout')
    const idleTicks = this.#shared.wheel.now - this.#sentAt
    if (idleTicks < this.#pingAfterTicks) return this.#shared.wheel.add(this, this.#pingAfterTicks - idleTicks)
    this.#state = 'pinging'
    this.#send(PINGREQ)
    return this.#shared.wheel.add(this, Math.max(LEAST_PONG_TICKS, this.#keepAliveSeconds))
  }

  get #hasEnded(): boolean {
    return this.#state === 'leaving' || this.#state === 'over'
  }

  get #isConnected(): boolean {
    return this.#state === 'connected' || this.#state === 'pinging'
  }

  /** A second earlier than the broker is told, as a tick may have begun just before something was sent. */
  get #pingAfterTicks(): number {
    return Math.max(1, this.#keepAliveSeconds - 1)
  }

  #receive(size: number): true {
    if (this.#hasEnded) return true
    const rest = readPackets(received, size, this.#part, this)
    if (rest === false) this.#end('closed')
    else this.#part = rest
    return true
  }

  #nextId(): number {
    do this.#lastId = (this.#lastId % MAX_ID) + 1
    while (this.#publishing?.includes(this.#lastId))
    return this.#lastId
  }

  #send(packet: Buffer): void {
    if (this.#unsent) {
      this.#unsent.push(packet)
      return
    }
    this.#unsent = [packet]
    this.#shared.flushSoon(this)
  }

  #end(reason: string): void {
    const isNews = !this.#hasEnded
    this.#close()
    if (isNews) this.#handler.onClosed(reason)
  }

  #close(): void {
    this.#state = 'over'
    this.#unsent = undefined
    this.#part = undefined
    this.#shared.wheel.remove(this)
    this.#socket.destroy()
  }
}

function reasonOf(code: string | undefined): string {
  return code === 'ECONNREFUSED' ? 'refused' : code === 'ECONNRESET' ? 'reset' : 'closed'
}
