import { createHash } from 'node:crypto'

/** Parts of one object that are kept ready. A 16 MiB image in blocks of 4 KiB has 4,096. */
const MAX_VIEWS = 8192

/** What a version of an object carries besides its bytes. */
export interface ObjectHeaders {
  readonly contentType: string
  /** As sent: cache-control, content-disposition, content-encoding, content-language, expires, x-amz-meta-*. */
  readonly headers: Readonly<Record<string, string>>
  /** `crc32` → base64, as the client sent it and the cloud verified it. */
  readonly checksums: Readonly<Record<string, string>>
}

/** A part of an object: the same instance each time the same range is asked for, so that readers can remember by identity what they computed. */
export interface View {
  readonly bytes: Uint8Array
  /** Everything that a GET of this range answers, but for the request id. */
  readonly headers: Readonly<Record<string, string>>
}

/** One version of one key: immutable. A delete marker has no bytes. */
export class StoredObject {
  readonly key: string
  /** `null` in a bucket without versioning. */
  readonly versionId: string
  readonly bytes: Uint8Array
  /** With its quotes. */
  readonly etag: string
  readonly lastModifiedMs: number
  readonly info: ObjectHeaders
  readonly deleteMarker: boolean
  readonly #views = new Map<string, View>()

  constructor(fields: StoredFields) {
    this.key = fields.key
    this.versionId = fields.versionId
    this.bytes = fields.bytes
    this.etag = fields.etag ?? `"${createHash('md5').update(fields.bytes).digest('hex')}"`
    this.lastModifiedMs = fields.lastModifiedMs
    this.info = fields.info
    this.deleteMarker = fields.deleteMarker ?? false
  }

  /** The view kept under this name, made by `make` the first time. */
  view(name: string, make: (object: StoredObject) => View): View {
    const known = this.#views.get(name)
    if (known) return known
    const view = make(this)
    if (this.#views.size >= MAX_VIEWS) this.#views.clear()
    this.#views.set(name, view)
    return view
  }
}

export interface StoredFields {
  readonly key: string
  readonly versionId: string
  readonly bytes: Uint8Array
  readonly lastModifiedMs: number
  readonly info: ObjectHeaders
  /** Computed from the bytes when absent. */
  readonly etag?: string
  readonly deleteMarker?: boolean
}
