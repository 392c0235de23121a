import type { Client, ConnectPacket } from 'aedes'
import type { EventEmitter } from 'node:events'

const CONNACK = 0x20
const MQTT_3_1_1 = 4
/** Time to answer until a client counts as gone, in keep-alives (MQTT 3.1.1 §3.1.2.10). */
const KEEP_ALIVES = 1.5

/** What of aedes's client a CONNECT sets. */
interface Connecting {
  id: string
  clean: boolean
  version: number
  connecting: boolean
  connected: boolean
  connackSent: boolean
  will: ConnectPacket['will'] | null
  closed: boolean
  _authorized: boolean
  _connectTimer: NodeJS.Timeout | null
  _keepaliveInterval: number
  _keepaliveTimer: NodeJS.Timeout | null
  readonly broker: EventEmitter & { registerClient(client: unknown): void }
}

/** Whether `begin` and `finish` can connect the client; aedes connects the others: with a persistent session, or an older version of the protocol. */
export function isSimple({ clean, protocolVersion }: ConnectPacket & { readonly protocolVersion?: number }): boolean {
  return clean !== false && protocolVersion === MQTT_3_1_1
}

/**
 * A CONNECT as aedes handles it, up to where the client is asked who it is. aedes takes nine steps for it, with timers, promises and streams between
 * them, nearly all of them for what only a persistent session has.
 */
export function begin(client: Client, { clientId, will }: ConnectPacket): void {
  const connecting = client as unknown as Connecting
  if (connecting._connectTimer) clearTimeout(connecting._connectTimer)
  connecting._connectTimer = null
  connecting.connecting = true
  connecting.id = clientId
  connecting.clean = true
  connecting.version = MQTT_3_1_1
  connecting.will = will ?? null
}

/** The client is admitted: registers it, sends the CONNACK and takes what it sends from here on. `keepAliveSec` is more than 0. */
export function finish(client: Client, keepAliveSec: number): void {
  const connecting = client as unknown as Connecting
  const { broker } = connecting
  connecting._authorized = true
  connecting._keepaliveInterval = keepAliveSec * KEEP_ALIVES * 1000
  connecting._keepaliveTimer = setTimeout(timedOut, connecting._keepaliveInterval, client)
  broker.registerClient(client)
  client.conn.write(connack(0))
  connecting.connecting = false
  connecting.connackSent = connecting.connected = true
  broker.emit('clientReady', client)
  ;(client as unknown as EventEmitter).emit('connected')
}

/** The client is not admitted: the CONNACK tells it why, and its connection ends. */
export function refuse(client: Client, returnCode: number): void {
  ;(client as unknown as Connecting).will = null
  client.conn.write(connack(returnCode))
  setImmediate(() => client.close())
}

function timedOut(client: Client): void {
  ;(client as unknown as Connecting).broker.emit('keepaliveTimeout', client)
  ;(client as unknown as EventEmitter).emit('error', new Error('keep alive timeout'))
}

function connack(returnCode: number): Buffer {
  return Buffer.from([CONNACK, 2, 0, returnCode])
}
