import { crc32 } from 'node:zlib'

/** Bytes of an image that boot loaders look at first. */
const HEAD_BYTES = 4

/**
 * Checksums of ranges that many devices fetch: the cloud hands out the same view for the same range, so each is summed up once for a given start.
 * Keyed by identity, so a damaged copy is always summed up by itself.
 */
const known = new WeakMap<Uint8Array, { from: number; to: number }>()

const NOTHING = new Uint8Array(0)

/** An image on its way into flash, front to back. Keeps its size, checksum and first bytes, not its contents: a fleet's images would not fit in memory. */
export class ImageWriter {
  #bytes = 0
  /** As a signed number of 32 bits: one that is a double half of the time would be compiled anew again and again. */
  #crc32 = 0
  #head: Uint8Array = NOTHING

  /** An image that was written in part before a restart. */
  static resume({ bytes, crc32: sum, head }: Pick<ImageWriter, 'bytes' | 'crc32' | 'head'>): ImageWriter {
    const image = new ImageWriter()
    image.#bytes = bytes
    image.#crc32 = sum | 0
    image.#head = head
    return image
  }

  get bytes(): number {
    return this.#bytes
  }

  get crc32(): number {
    return this.#crc32 >>> 0
  }

  /** The first four bytes, or fewer while fewer were written. */
  get head(): Uint8Array {
    return this.#head
  }

  write(chunk: Uint8Array): void {
    // zlib takes an array without memory for the start of a new sum.
    if (chunk.length === 0) return
    if (this.#head.length < HEAD_BYTES) this.#head = Buffer.concat([this.#head, chunk.subarray(0, HEAD_BYTES - this.#head.length)])
    this.#bytes += chunk.length
    const sum = known.get(chunk)
    if (sum?.from === this.#crc32) {
      this.#crc32 = sum.to
      return
    }
    const from = this.#crc32
    this.#crc32 = crc32(chunk, from >>> 0) | 0
    known.set(chunk, { from, to: this.#crc32 })
  }
}

/** CRC-32 as job documents carry it: eight lower-case hex digits. */
export function crcText(crc: number): string {
  return (crc >>> 0).toString(16).padStart(8, '0')
}
