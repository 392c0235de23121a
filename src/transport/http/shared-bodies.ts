import { Buffer } from 'node:buffer'

/** Bodies that are kept for comparison, in one thread; beyond it, all are forgotten. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024
/** Smaller ones are copied as quickly as they are compared. */
const MIN_BYTES = 1024

/**
 * Bodies that a fleet downloads again and again: the same block of the same image is in memory once, and whoever gets it can remember by its identity what was
 * computed of it. Bytes are compared as they arrive, never taken for granted: a body that differs in a bit is a body of its own.
 */
export class SharedBodies {
  readonly #kept = new Map<string, Uint8Array>()
  #keptBytes = 0

  /** A body of this many bytes on its way, from a place that may have been asked before. */
  receive(place: string, bytes: number): IncomingBody {
    if (bytes < MIN_BYTES) return new IncomingBody(bytes, undefined, NOT_KEPT)
    const known = this.#kept.get(place)
    return new IncomingBody(bytes, known?.length === bytes ? known : undefined, (body) => this.#keep(place, body))
  }

  #keep(place: string, body: Uint8Array): void {
    this.#keptBytes += body.length - (this.#kept.get(place)?.length ?? 0)
    if (this.#keptBytes > MAX_KEPT_BYTES) {
      this.#kept.clear()
      this.#keptBytes = body.length
    }
    this.#kept.set(place, body)
  }
}

const NOT_KEPT = () => {}

/** Takes pieces out of a buffer that is used again. */
export class IncomingBody {
  readonly #bytes: number
  /** What it has been the same as so far. */
  #known: Uint8Array | undefined
  readonly #keep: (body: Uint8Array) => void
  #own: Buffer | undefined
  #filled = 0

  constructor(bytes: number, known: Uint8Array | undefined, keep: (body: Uint8Array) => void) {
    this.#bytes = bytes
    this.#known = known
    this.#keep = keep
  }

  get missing(): number {
    return this.#bytes - this.#filled
  }

  add(buffer: Buffer, from: number, to: number): void {
    const end = this.#filled + to - from
    if (!this.#known || buffer.compare(this.#known, this.#filled, end, from, to) !== 0) buffer.copy(this.#becomeOwn(), this.#filled, from, to)
    this.#filled = end
  }

  /** The whole body, once nothing is missing. */
  finish(): Uint8Array {
    if (this.#known) return this.#known
    const body = this.#becomeOwn()
    this.#keep(body)
    return body
  }

  #becomeOwn(): Buffer {
    if (this.#own) return this.#own
    this.#own = Buffer.allocUnsafe(this.#bytes)
    if (this.#known) this.#own.set(this.#known.subarray(0, this.#filled))
    this.#known = undefined
    return this.#own
  }
}
