import { Buffer } from 'node:buffer'

/** A body that ends where the connection does. */
export class UnframedBody {
  readonly #chunks: Buffer[] = []
  #sizeBytes = 0

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  add(buffer: Buffer, from: number, to: number): void {
    if (from === to) return
    this.#chunks.push(Buffer.from(buffer.subarray(from, to)))
    this.#sizeBytes += to - from
  }

  finish(): Uint8Array {
    return Buffer.concat(this.#chunks, this.#sizeBytes)
  }
}
