import { Buffer } from 'node:buffer'

// Packets of MQTT 3.1.1 as a server sends them to a client of QoS 0 and 1. Section numbers are those of the OASIS standard.

/** Who is told what a server says. False = nothing more is wanted of what follows. */
export interface PacketReceiver {
  onConnack(sessionPresent: boolean, code: number): boolean
  /** `payload` is a copy. `id` is 0 for QoS 0. */
  onPublish(topic: string, payload: Uint8Array, id: number): boolean
  onPuback(id: number): boolean
  onSuback(granted: number[]): boolean
  onPingresp(): boolean
}

const CONNACK = 0x20
const PUBLISH = 3
const PUBACK = 0x40
const SUBACK = 0x90
const UNSUBACK = 0xb0
const PINGRESP = 0xd0
const REFUSED = 128

/** Reads the packet that is in `bytes` from `at` to `end`, its body beginning at `bodyAt`. False when it is none, or the receiver wants no more. */
export function readPacket(bytes: Buffer, at: number, bodyAt: number, end: number, receiver: PacketReceiver): boolean {
  const first = bytes[at]!
  if (first >> 4 === PUBLISH) return readPublish(bytes, first, bodyAt, end, receiver)
  const size = end - bodyAt
  // The flags of all others have one value (§2.2.2), so the whole byte is compared.
  switch (first) {
    case PUBACK:
      return size === 2 && receiver.onPuback(bytes.readUInt16BE(bodyAt))
    case SUBACK:
      return size > 2 && readSuback(bytes, bodyAt + 2, end, receiver)
    case UNSUBACK:
      return size === 2
    case PINGRESP:
      return size === 0 && receiver.onPingresp()
    case CONNACK:
      return size === 2 && bytes[bodyAt]! <= 1 && receiver.onConnack(bytes[bodyAt] === 1, bytes[bodyAt + 1]!)
    default:
      return false
  }
}

/** §3.3. QoS 2 is never granted to a client that asks for 1. */
function readPublish(bytes: Buffer, first: number, bodyAt: number, end: number, receiver: PacketReceiver): boolean {
  const qos = (first >> 1) & 3
  if (qos > 1 || end - bodyAt < 2) return false
  const topicAt = bodyAt + 2
  const topicEnd = topicAt + bytes.readUInt16BE(bodyAt)
  const payloadAt = qos === 1 ? topicEnd + 2 : topicEnd
  if (payloadAt > end) return false
  const id = qos === 1 ? bytes.readUInt16BE(topicEnd) : 0
  // §2.3.1: an identifier is never 0.
  if (qos === 1 && id === 0) return false
  const payload = Buffer.allocUnsafe(end - payloadAt)
  bytes.copy(payload, 0, payloadAt, end)
  return receiver.onPublish(bytes.toString('utf8', topicAt, topicEnd), payload, id)
}

/** §3.9.3 */
function readSuback(bytes: Buffer, from: number, end: number, receiver: PacketReceiver): boolean {
  const granted: number[] = []
  for (let at = from; at < end; at++) {
    const code = bytes[at]!
    if (code > 2 && code !== REFUSED) return false
    granted.push(code)
  }
  return receiver.onSuback(granted)
}
