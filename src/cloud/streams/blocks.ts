import { blocksOfOneRequest } from './choices.ts'

/** What one request yields at most, whatever it asks for. */
const MAX_REQUEST_BYTES = 128 * 1024

/** Blocks of a file that a device asks for. Numbers count blocks of `blockBytes`. */
export interface BlockRequest {
  /** 256 to 131,072. */
  readonly blockBytes: number
  readonly offset: number
  /** Undefined: as many as one request yields. With a bitmap: at most so many of its blocks. */
  readonly count: number | undefined
  /** Bit i of byte j stands for block `offset` + 8j + i, the least significant bit first. */
  readonly bitmap: Uint8Array | undefined
}

/** Absolute numbers of the blocks to send, ascending; blocks beyond the end of the file and beyond 128 KB are left out. */
export function blocksToSend(request: BlockRequest, fileBytes: number): number[] {
  const { blockBytes, offset, bitmap } = request
  const end = Math.ceil(fileBytes / blockBytes)
  const most = blocksOfOneRequest(blockBytes, MAX_REQUEST_BYTES)
  const count = Math.min(request.count ?? most, most)
  if (bitmap) return setBits(bitmap, offset, end, count)
  return Array.from({ length: Math.max(0, Math.min(count, end - offset)) }, (_, index) => offset + index)
}

/** Whether a request asks for any block, whether the file has it or not. */
export function asksForBlocks({ count, bitmap }: BlockRequest): boolean {
  return count !== 0 && (bitmap === undefined || bitmap.some((byte) => byte !== 0))
}

function setBits(bitmap: Uint8Array, offset: number, end: number, count: number): number[] {
  const blocks: number[] = []
  for (let byte = 0; byte < bitmap.length; byte++) {
    const bits = bitmap[byte]!
    for (let bit = 0; bits >> bit > 0; bit++) {
      const block = offset + 8 * byte + bit
      if (block >= end || blocks.length >= count) return blocks
      if ((bits >> bit) & 1) blocks.push(block)
    }
  }
  return blocks
}
