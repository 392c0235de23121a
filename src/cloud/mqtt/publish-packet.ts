import type { Payload } from '../../ports/mqtt.ts'

const PUBLISH = 0x30
const PUBACK = 0x40
const DUP = 0x08
const QOS_1 = 0x02
const RETAIN = 0x01
const LENGTH_BYTES = 2
const ID_BYTES = 2
const MORE = 0x80
/** What one write holds; a packet that is larger is written alone. */
const CAPACITY = 64 * 1024

export interface PublishPacket {
  readonly topic: string
  readonly payload: Payload
  readonly qos: 0 | 1
  readonly retain: boolean
  readonly dup: boolean
  /** Of QoS 1: 1 to 65535. */
  readonly messageId: number
}

/** Gathers the packets that one connection gets at once, so that they leave in one write. One of them serves all connections, in turn. */
export class PacketBuffer {
  readonly #bytes: Buffer = Buffer.allocUnsafeSlow(CAPACITY)
  #size = 0

  /** Adds the bytes of small packets. Returns what has to be written before, if there was no room; they have to fit when there is nothing else. */
  append(bytes: readonly number[]): Buffer | undefined {
    const full = this.#size + bytes.length > CAPACITY ? this.take() : undefined
    for (const byte of bytes) this.#bytes[this.#size++] = byte
    return full
  }

  /** Adds a PUBLISH, or gives up: then everything is to be taken, and the packet, if that does not help, to be written by itself. */
  publish(packet: PublishPacket): boolean {
    const body = bodyBytes(packet)
    if (this.#size + packetBytes(body) > CAPACITY) return false
    this.#size = encode(this.#bytes, this.#size, packet, body)
    return true
  }

  /** What was gathered; undefined when there is nothing. */
  take(): Buffer | undefined {
    if (this.#size === 0) return undefined
    const taken = Buffer.allocUnsafe(this.#size)
    this.#bytes.copy(taken, 0, 0, this.#size)
    this.#size = 0
    return taken
  }
}

/** A PUBLISH as it goes over the wire (MQTT 3.1.1 §3.3). */
export function publishPacket(packet: PublishPacket): Buffer {
  const body = bodyBytes(packet)
  const bytes = Buffer.allocUnsafe(packetBytes(body))
  encode(bytes, 0, packet, body)
  return bytes
}

/** MQTT 3.1.1 §3.4. */
export function puback(messageId: number): readonly number[] {
  return [PUBACK, ID_BYTES, messageId >> 8, messageId & 0xff]
}

/** Of everything after the length. */
function bodyBytes({ topic, payload, qos }: PublishPacket): number {
  return LENGTH_BYTES + Buffer.byteLength(topic) + qos * ID_BYTES + (typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length)
}

function packetBytes(body: number): number {
  return 1 + lengthOfLength(body) + body
}

/** Returns where the packet ends. */
function encode(bytes: Buffer, start: number, { topic, payload, qos, retain, dup, messageId }: PublishPacket, body: number): number {
  bytes[start] = PUBLISH | (dup ? DUP : 0) | (qos === 1 ? QOS_1 : 0) | (retain ? RETAIN : 0)
  let at = start + 1
  let rest = body
  while (rest >= MORE) {
    bytes[at++] = (rest % MORE) | MORE
    rest = Math.floor(rest / MORE)
  }
  bytes[at++] = rest
  const topicBytes = bytes.write(topic, at + LENGTH_BYTES)
  at = bytes.writeUInt16BE(topicBytes, at) + topicBytes
  if (qos === 1) at = bytes.writeUInt16BE(messageId, at)
  if (typeof payload === 'string') return at + bytes.write(payload, at)
  bytes.set(payload, at)
  return at + payload.length
}

/** Seven bits in each byte (§2.2.3). */
function lengthOfLength(length: number): number {
  return length < 128 ? 1 : length < 16_384 ? 2 : length < 2_097_152 ? 3 : 4
}
