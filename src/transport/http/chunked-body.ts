import { Buffer } from 'node:buffer'

/** A line with the size of a chunk and its extensions, or a trailer. */
const MAX_LINE_BYTES = 16 * 1024
const CR = 0x0d
const LF = 0x0a
const CHUNK_SIZE = /^([\da-f]{1,8})[ \t]*(?:;.*)?$/i

/** Decodes a chunked body (RFC 9112 §7.1) piece by piece. Trailers are read and thrown away. */
export class ChunkedBody {
  readonly #chunks: Buffer[] = []
  #sizeBytes = 0
  #state: 'size' | 'data' | 'data end' | 'trailer' | 'done' = 'size'
  #missing = 0
  #line = ''

  /** Of the decoded body so far. */
  get sizeBytes(): number {
    return this.#sizeBytes
  }

  get isDone(): boolean {
    return this.#state === 'done'
  }

  /** Returns where it stopped: behind the body when it is done. -1 when it is no chunked body. */
  add(buffer: Buffer, from: number, to: number): number {
    let at = from
    while (at < to && this.#state !== 'done') {
      if (this.#state === 'data') at = this.#takeData(buffer, at, to)
      else {
        const end = buffer.indexOf(LF, at)
        const stop = end < 0 || end >= to ? to : end + 1
        this.#line += buffer.toString('latin1', at, stop)
        at = stop
        if (this.#line.length > MAX_LINE_BYTES) return -1
        if (stop === end + 1 && !this.#takeLine()) return -1
      }
    }
    return at
  }

  finish(): Uint8Array {
    return this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#sizeBytes)
  }

  #takeData(buffer: Buffer, from: number, to: number): number {
    const end = Math.min(to, from + this.#missing)
    this.#chunks.push(Buffer.from(buffer.subarray(from, end)))
    this.#sizeBytes += end - from
    this.#missing -= end - from
    if (this.#missing === 0) this.#state = 'data end'
    return end
  }

  #takeLine(): boolean {
    const line = this.#line.slice(0, -2)
    const isLine = this.#line.charCodeAt(this.#line.length - 2) === CR
    this.#line = ''
    if (!isLine) return false
    if (this.#state === 'data end') {
      this.#state = 'size'
      return line === ''
    }
    if (this.#state === 'trailer') {
      if (line === '') this.#state = 'done'
      return true
    }
    const size = CHUNK_SIZE.exec(line)?.[1]
    if (size === undefined) return false
    this.#missing = Number.parseInt(size, 16)
    this.#state = this.#missing === 0 ? 'trailer' : 'data'
    return true
  }
}
