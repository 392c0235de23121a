import type { Client } from 'aedes'
import type { ClientPacket } from './aedes-internals.ts'

const PUBLISH = 3
const PUBACK = 0x40
const PUBACK_BYTES = 4
const RETAIN = 0x01
const DUP = 0x08
const MAX_LENGTH_BYTES = 4

/** What aedes parses with: mqtt-packet's parser. */
export interface PacketParser {
  parse(bytes: Buffer): number
  readonly error: Error | null
  readonly _list: { readonly length: number }
  readonly _stateCounter: number
}

/**
 * Decodes in place what devices send all day: whole PUBLISH and PUBACK packets of clients that are connected. Every other packet, one that comes in
 * pieces, and whatever is odd goes to aedes's own parser, which also finds what is wrong with it.
 */
export function decodeInPlace(client: Client, parser: PacketParser, take: (packet: ClientPacket) => void): void {
  const parse = parser.parse.bind(parser)
  parser.parse = (bytes: Buffer): number => {
    let at = 0
    while (at < bytes.length) {
      if (client.closed) return 0
      const end = client.connected && isBetweenPackets(parser) ? packetEnd(bytes, at) : undefined
      if (end === undefined) return parse(at === 0 ? bytes : bytes.subarray(at))
      const packet = decode(bytes, at, end)
      if (packet) take(packet)
      else parse(bytes.subarray(at, end))
      at = end
    }
    return 0
  }
}

function isBetweenPackets({ error, _list, _stateCounter }: PacketParser): boolean {
  return error === null && _stateCounter === 0 && _list.length === 0
}

/** Undefined for a packet that is not whole, or whose length is none. */
function packetEnd(bytes: Buffer, start: number): number | undefined {
  let length = 0
  for (let i = 1; i <= MAX_LENGTH_BYTES && start + i < bytes.length; i++) {
    const byte = bytes[start + i]!
    length += (byte & 0x7f) * 128 ** (i - 1)
    if (byte < 0x80) return start + i + 1 + length <= bytes.length ? start + i + 1 + length : undefined
  }
  return undefined
}

function decode(bytes: Buffer, start: number, end: number): ClientPacket | undefined {
  const header = bytes[start]!
  if (header === PUBACK) return end - start === PUBACK_BYTES ? { cmd: 'puback', messageId: bytes.readUInt16BE(start + 2) } : undefined
  const qos = (header >> 1) & 3
  if (header >> 4 !== PUBLISH || qos > 1) return undefined
  let at = start + 1
  while (bytes[at]! >= 0x80) at += 1
  at += 1
  if (end - at < 2) return undefined
  const topicEnd = at + 2 + bytes.readUInt16BE(at)
  const payloadStart = topicEnd + 2 * qos
  if (payloadStart > end) return undefined
  const messageId = qos === 0 ? undefined : bytes.readUInt16BE(topicEnd)
  if (messageId === 0) return undefined
  const topic = bytes.toString('utf8', at + 2, topicEnd)
  const payload = bytes.subarray(payloadStart, end)
  return { cmd: 'publish', topic, payload, qos, messageId, retain: (header & RETAIN) !== 0, dup: (header & DUP) !== 0, length: end - at }
}
