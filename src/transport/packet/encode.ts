import { Buffer } from 'node:buffer'
import type { MqttConnectOptions, MqttSubscription, Payload } from '../../ports/mqtt.ts'

// Packets of MQTT 3.1.1 as a client sends them, each in one buffer of its own size. Section numbers are those of the OASIS standard.

/** MQTT 3.1.1 §3.1.2.1 and §3.1.2.2: the protocol's name and level. */
const PROTOCOL = Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4])
const CLEAN_SESSION = 0x02
const WILL = 0x04
const WILL_RETAIN = 0x20
const RETAIN = 0x01
/** §1.5.3: a string's length has two bytes. */
const MAX_STRING_BYTES = 65_535
/** §2.2.3 */
const MAX_REMAINING_BYTES = 268_435_455

export const PINGREQ = Buffer.from([0xc0, 0])
export const DISCONNECT = Buffer.from([0xe0, 0])

export function connectPacket({ clientId, clean, keepAliveSeconds, will }: MqttConnectOptions): Buffer {
  const idBytes = stringBytes(clientId)
  const topicBytes = will ? stringBytes(will.topic) : 0
  const payloadBytes = will ? bytesOf(will.payload) : 0
  const willFlags = will ? WILL | (will.qos << 3) | (will.retain ? WILL_RETAIN : 0) : 0
  const remaining = PROTOCOL.length + 3 + 2 + idBytes + (will ? 4 + topicBytes + payloadBytes : 0)
  const packet = packetOf(0x10, remaining)
  let at = packet.length - remaining
  at += PROTOCOL.copy(packet, at)
  packet[at++] = (clean ? CLEAN_SESSION : 0) | willFlags
  at = packet.writeUInt16BE(keepAliveSeconds, at)
  at = writeString(packet, clientId, idBytes, at)
  if (!will) return packet
  at = writeString(packet, will.topic, topicBytes, at)
  at = packet.writeUInt16BE(payloadBytes, at)
  writePayload(packet, will.payload, at)
  return packet
}

export function subscribePacket(id: number, subscriptions: readonly MqttSubscription[]): Buffer {
  let remaining = 2
  for (const { filter } of subscriptions) remaining += 2 + stringBytes(filter) + 1
  const packet = packetOf(0x82, remaining)
  let at = packet.writeUInt16BE(id, packet.length - remaining)
  for (const { filter, qos } of subscriptions) {
    at = writeString(packet, filter, stringBytes(filter), at)
    packet[at++] = qos
  }
  return packet
}

export function unsubscribePacket(id: number, filters: readonly string[]): Buffer {
  let remaining = 2
  for (const filter of filters) remaining += 2 + stringBytes(filter)
  const packet = packetOf(0xa2, remaining)
  let at = packet.writeUInt16BE(id, packet.length - remaining)
  for (const filter of filters) at = writeString(packet, filter, stringBytes(filter), at)
  return packet
}

/** `id` is written for QoS 1 only. */
export function publishPacket(topic: string, payload: Payload, qos: 0 | 1, retain: boolean, id: number): Buffer {
  const topicBytes = stringBytes(topic)
  const remaining = 2 + topicBytes + (qos === 1 ? 2 : 0) + bytesOf(payload)
  const packet = packetOf(0x30 | (qos << 1) | (retain ? RETAIN : 0), remaining)
  let at = writeString(packet, topic, topicBytes, packet.length - remaining)
  if (qos === 1) at = packet.writeUInt16BE(id, at)
  writePayload(packet, payload, at)
  return packet
}

export function pubackPacket(id: number): Buffer {
  const packet = packetOf(0x40, 2)
  packet.writeUInt16BE(id, 2)
  return packet
}

/** A buffer for the whole packet, with its fixed header written (§2.2). */
function packetOf(firstByte: number, remaining: number): Buffer {
  if (remaining > MAX_REMAINING_BYTES) throw new RangeError(`an MQTT packet of ${remaining} bytes; it can have ${MAX_REMAINING_BYTES}`)
  const headerBytes = remaining < 128 ? 2 : remaining < 16_384 ? 3 : remaining < 2_097_152 ? 4 : 5
  const packet = Buffer.allocUnsafe(headerBytes + remaining)
  packet[0] = firstByte
  let rest = remaining
  for (let at = 1; at < headerBytes; at++) {
    packet[at] = (rest & 0x7f) | (at < headerBytes - 1 ? 0x80 : 0)
    rest >>>= 7
  }
  return packet
}

function stringBytes(text: string): number {
  const bytes = Buffer.byteLength(text)
  if (bytes > MAX_STRING_BYTES) throw new RangeError(`a string of ${bytes} bytes in an MQTT packet; it can have ${MAX_STRING_BYTES}`)
  return bytes
}

function bytesOf(payload: Payload): number {
  return typeof payload === 'string' ? Buffer.byteLength(payload) : payload.byteLength
}

function writeString(packet: Buffer, text: string, bytes: number, at: number): number {
  packet.writeUInt16BE(bytes, at)
  packet.write(text, at + 2)
  return at + 2 + bytes
}

function writePayload(packet: Buffer, payload: Payload, at: number): void {
  if (typeof payload === 'string') packet.write(payload, at)
  else packet.set(payload, at)
}
