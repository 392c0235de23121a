import { Buffer } from 'node:buffer'
import { type PacketReceiver, readPacket } from './decode.ts'

/** The longest packet that is taken: far above the 128 KiB of a message in AWS IoT (aws-iot.md §8), far below the 256 MiB of MQTT. */
const MAX_PACKET_BYTES = 16 * 1024 * 1024
/** MQTT 3.1.1 §2.2.3 */
const MAX_HEADER_BYTES = 5

/**
 * Reads all packets of the first `size` bytes of `received`, where they lie, after the beginning of one that came before. Returns the beginning of the one
 * that isn't complete, as a copy; undefined when nothing is left over, false when it isn't MQTT or the receiver wants no more.
 */
export function readPackets(
  received: Buffer,
  size: number,
  before: PacketPart | undefined,
  receiver: PacketReceiver,
): PacketPart | undefined | false {
  let at = 0
  if (before) {
    at = before.add(received, 0, size)
    if (!before.isComplete) return before.isValid && before
    if (!readPacket(before.bytes, 0, before.headerBytes, before.bytes.length, receiver)) return false
  }
  while (at < size) {
    const headerBytes = headerBytesOf(received, at, size)
    const end = headerBytes > 0 ? at + headerBytes + remainingLength(received, at, headerBytes) : Infinity
    if (end > size) {
      const part = new PacketPart()
      part.add(received, at, size)
      return part.isValid && part
    }
    if (!readPacket(received, at, at + headerBytes, end, receiver)) return false
    at = end
  }
  return undefined
}

/** A packet of which not all has come. */
export class PacketPart {
  /** As long as the packet, once that is known. */
  bytes = Buffer.allocUnsafe(MAX_HEADER_BYTES)
  headerBytes = 0
  isValid = true
  #filled = 0

  get isComplete(): boolean {
    return this.headerBytes > 0 && this.#filled === this.bytes.length
  }

  /** Takes what it lacks; returns where the rest begins. */
  add(from: Buffer, at: number, end: number): number {
    let next = at
    while (this.headerBytes === 0 && this.isValid && next < end) {
      this.bytes[this.#filled++] = from[next++]!
      this.#readHeader()
    }
    if (this.headerBytes === 0 || !this.isValid) return next
    const copied = from.copy(this.bytes, this.#filled, next, Math.min(end, next + this.bytes.length - this.#filled))
    this.#filled += copied
    return next + copied
  }

  #readHeader(): void {
    const headerBytes = headerBytesOf(this.bytes, 0, this.#filled)
    if (headerBytes === 0) {
      this.isValid = this.#filled < MAX_HEADER_BYTES
      return
    }
    const size = headerBytes + remainingLength(this.bytes, 0, headerBytes)
    this.isValid = size <= MAX_PACKET_BYTES
    if (!this.isValid) return
    const header = this.bytes
    this.bytes = Buffer.allocUnsafe(size)
    header.copy(this.bytes, 0, 0, headerBytes)
    this.headerBytes = headerBytes
  }
}

/** Of the fixed header (§2.2): its first byte and one to four of length. 0 when it isn't all there, or has no end. */
function headerBytesOf(bytes: Buffer, at: number, end: number): number {
  const last = Math.min(end, at + MAX_HEADER_BYTES)
  for (let next = at + 1; next < last; next++) if (bytes[next]! < 0x80) return next + 1 - at
  return 0
}

function remainingLength(bytes: Buffer, at: number, headerBytes: number): number {
  let length = 0
  for (let next = at + headerBytes - 1; next > at; next--) length = (length << 7) | (bytes[next]! & 0x7f)
  return length
}
