import { crc32 } from 'node:zlib'

/** Contents of one block that are kept for others; a device with yet another one keeps its own. */
const MAX_CONTENTS = 64
/** Whole images that are remembered; the oldest goes first. */
const MAX_IMAGES = 64

/** A whole image as its blocks, and what was found out about it. */
export interface WholeImage {
  readonly blocks: readonly Uint8Array[]
  readonly bytes: number
  readonly crc32: number
  /** Answers of checks that cost much, by question. */
  readonly findings: Map<string, boolean>
}

/**
 * The bytes that devices of one thread hold while they download: the same block is in memory once, whoever received it, and the same image is
 * looked at once. Bytes are compared, never taken for granted: a block that was damaged for one device belongs to it alone.
 */
export class SharedBlocks {
  /** By position in the image. */
  readonly #contents: Uint8Array[][] = []
  readonly #images: WholeImage[] = []

  /** The same bytes, which everybody else who received them has, too. */
  share(index: number, bytes: Uint8Array): Uint8Array {
    const contents = (this.#contents[index] ??= [])
    for (const content of contents) if (sameBytes(content, bytes)) return content
    // The bytes may be a view of a whole packet.
    const own = Uint8Array.from(bytes)
    if (contents.length < MAX_CONTENTS) contents.push(own)
    return own
  }

  /** What these blocks make, in their order. */
  whole(blocks: readonly Uint8Array[]): WholeImage {
    const known = this.#images.find((image) => image.blocks.length === blocks.length && image.blocks.every((block, i) => block === blocks[i]))
    if (known) return known
    const bytes = blocks.reduce((sum, block) => sum + block.length, 0)
    const image = { blocks, bytes, crc32: blocks.reduce((sum, block) => crc32(block, sum), 0), findings: new Map<string, boolean>() }
    if (this.#images.length === MAX_IMAGES) this.#images.shift()
    this.#images.push(image)
    return image
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0
}
