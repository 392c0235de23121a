import type { Payload } from '../../ports/mqtt.ts'

const PUBLISH = 0x30
const DUP = 0x08
const QOS_1 = 0x02
const RETAIN = 0x01
const LENGTH_BYTES = 2
const ID_BYTES = 2
const MORE = 0x80

export interface PublishPacket {
  readonly topic: string
  readonly payload: Payload
  readonly qos: 0 | 1
  readonly retain: boolean
  readonly dup: boolean
  /** Of QoS 1: 1 to 65535. */
  readonly messageId: number
}

/** A PUBLISH as it goes over the wire (MQTT 3.1.1 §3.3). */
export function publishPacket({ topic, payload, qos, retain, dup, messageId }: PublishPacket): Buffer {
  const topicBytes = Buffer.byteLength(topic)
  const payloadBytes = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length
  const remaining = LENGTH_BYTES + topicBytes + qos * ID_BYTES + payloadBytes
  const packet = Buffer.allocUnsafe(1 + lengthOfLength(remaining) + remaining)
  packet[0] = PUBLISH | (dup ? DUP : 0) | (qos === 1 ? QOS_1 : 0) | (retain ? RETAIN : 0)
  let at = 1
  let rest = remaining
  while (rest >= MORE) {
    packet[at++] = (rest % MORE) | MORE
    rest = Math.floor(rest / MORE)
  }
  packet[at++] = rest
  at = packet.writeUInt16BE(topicBytes, at)
  at += packet.write(topic, at)
  if (qos === 1) at = packet.writeUInt16BE(messageId, at)
  if (typeof payload === 'string') packet.write(payload, at)
  else packet.set(payload, at)
  return packet
}

/** Seven bits in each byte (§2.2.3). */
function lengthOfLength(length: number): number {
  return length < 128 ? 1 : length < 16_384 ? 2 : length < 2_097_152 ? 3 : 4
}
