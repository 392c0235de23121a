import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { constants, createGzip } from 'node:zlib'
import type { Event } from '../ports/events.ts'
import type { Fleet } from '../ports/fleet.ts'
import { EventLines } from './event-line.ts'

/** Characters that are hashed and compressed at a time. */
const BATCH_CHARS = 64 * 1024
/** What the compressor hands on at a time. */
const CHUNK_BYTES = 64 * 1024
/** Bytes that wait to be compressed; beyond them the file is `full`. */
const MAX_PENDING_BYTES = 16 * 1024 * 1024

/**
 * `events.ndjson.gz`: every event of a run, one JSON object a line, and the SHA-256 of that text.
 * `add` never waits; who adds much calls `drain` whenever the file is `full`, or its memory grows.
 */
export class JournalFile {
  readonly #lines: EventLines
  readonly #hash = createHash('sha256')
  readonly #gzip = createGzip({ level: constants.Z_BEST_SPEED, chunkSize: CHUNK_BYTES })
  readonly #written: Promise<void>
  #batch = ''
  #pendingBytes = 0
  #drained: (() => void)[] = []
  #digest: string | undefined
  #error: Error | undefined

  constructor(path: string, fleet: Fleet) {
    this.#lines = new EventLines(fleet)
    const file = this.#gzip.pipe(createWriteStream(path))
    // pipe() doesn't hand errors on: a disk that is full must end the compressor too, or `close` would wait for ever.
    file.on('error', (error) => this.#gzip.destroy(error))
    this.#written = Promise.all([finished(this.#gzip), finished(file)]).then(() => undefined)
    this.#written.catch((error: Error) => (this.#error = error))
  }

  add(event: Event): void {
    this.#batch += this.#lines.line(event)
    if (this.#batch.length >= BATCH_CHARS) this.#flush()
  }

  /** Whether more waits than the file means to hold. */
  get full(): boolean {
    return this.#pendingBytes > MAX_PENDING_BYTES
  }

  /** Resolves when there is room again; rejects when the file can't be written. */
  async drain(): Promise<void> {
    if (this.#error) throw this.#error
    if (this.full) await Promise.race([new Promise<void>((resolve) => this.#drained.push(resolve)), this.#written])
  }

  /** Resolves when the file is complete; rejects when it can't be written. */
  async close(): Promise<void> {
    if (this.#digest === undefined) {
      this.#flush()
      this.#digest = this.#hash.digest('hex')
      this.#gzip.end()
    }
    await this.#written
  }

  /** SHA-256 of the NDJSON text in hexadecimal: of all of it once closed, of what was added so far before. */
  hash(): string {
    if (this.#digest !== undefined) return this.#digest
    this.#flush()
    return this.#hash.copy().digest('hex')
  }

  #flush(): void {
    if (this.#batch === '') return
    const bytes = Buffer.from(this.#batch)
    this.#batch = ''
    this.#hash.update(bytes)
    if (this.#error) return
    this.#pendingBytes += bytes.length
    this.#gzip.write(bytes, () => this.#compressed(bytes.length))
  }

  #compressed(bytes: number): void {
    this.#pendingBytes -= bytes
    if (this.full) return
    const waiting = this.#drained
    this.#drained = []
    for (const resolve of waiting) resolve()
  }
}
