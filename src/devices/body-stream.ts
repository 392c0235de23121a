import type { HttpResponse } from '../ports/http.ts'

const CONTENT_RANGE = /^bytes (\d+)-\d+\/(\d+)$/

/**
 * Pieces of bodies that many devices read alike: the cloud hands out the same body for the same range, and what is known of a piece (its checksum)
 * is kept by its identity. By body, then by `<from> <to>`.
 */
const pieces = new WeakMap<Uint8Array, Map<string, Uint8Array>>()

/** A response whose head has come: the program reads its body piece by piece, as fast as the link brings it. */
export class BodyStream {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Which of the link's lives it belongs to: when the link broke, so did the stream. */
  link: number
  readonly #body: Uint8Array
  readonly #first: number
  readonly #total: number
  #at = 0

  constructor({ status, headers, body }: HttpResponse, link: number) {
    const range = CONTENT_RANGE.exec(headers['content-range'] ?? '')
    this.status = status
    this.headers = headers
    this.link = link
    this.#body = body
    this.#first = range ? Number(range[1]) : 0
    this.#total = range ? Number(range[2]) : body.length
  }

  /** The share of the file that has been read, and all that lies before. */
  get share(): number {
    return this.#total === 0 ? 1 : (this.#first + this.#at) / this.#total
  }

  /** At most `bytes` more; none at the end. */
  take(bytes: number): Uint8Array {
    const from = this.#at
    this.#at = Math.min(this.#body.length, from + bytes)
    return pieceOf(this.#body, from, this.#at)
  }
}

function pieceOf(body: Uint8Array, from: number, to: number): Uint8Array {
  let known = pieces.get(body)
  if (!known) pieces.set(body, (known = new Map()))
  const key = `${from} ${to}`
  let piece = known.get(key)
  if (!piece) known.set(key, (piece = body.subarray(from, to)))
  return piece
}
