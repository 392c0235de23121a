import { createHash } from 'node:crypto'
import type { Checksums } from './checksums.ts'
import type { Tag } from './tags.ts'

/** Parts of one object that are kept ready. A 16 MiB image in blocks of 4 KiB has 4,096. */
const MAX_VIEWS = 8192

/** What a version of an object carries besides its bytes. */
export interface ObjectHeaders {
  readonly contentType: string
  /** As sent: cache-control, content-disposition, content-encoding, content-language, expires, x-amz-meta-*, … */
  readonly headers: Readonly<Record<string, string>>
  /** As the client sent it and the cloud verified it; of the parts' checksums when it ends in `-<parts>`. */
  readonly checksums: Checksums
}

/** A part of an object: the same instance each time the same range is asked for, so that readers can remember by identity what they computed. */
export interface View {
  readonly bytes: Uint8Array
  /** Everything that a GET of this range answers, but for the request id. */
  readonly headers: Readonly<Record<string, string>>
}

/** One version of one key: immutable, but for its tags. A delete marker has no bytes. */
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
  /** Of an object that came in parts. */
  readonly partSizes: readonly number[] | undefined
  /** Counts all objects: the order in which versions came. */
  readonly sequence: number
  #tags: readonly Tag[]
  readonly #views = new Map<string, View>()

  constructor(fields: StoredFields) {
    this.key = fields.key
    this.versionId = fields.versionId
    this.bytes = fields.bytes
    this.etag = fields.etag ?? `"${createHash('md5').update(fields.bytes).digest('hex')}"`
    this.lastModifiedMs = fields.lastModifiedMs
    this.info = fields.info
    this.deleteMarker = fields.deleteMarker ?? false
    this.partSizes = fields.partSizes
    this.sequence = fields.sequence ?? 0
    this.#tags = fields.tags ?? []
  }

  get tags(): readonly Tag[] {
    return this.#tags
  }

  set tags(tags: readonly Tag[]) {
    this.#tags = tags
    this.#views.clear()
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
  /** Bytes of each part. */
  readonly partSizes?: readonly number[]
  readonly sequence?: number
  readonly tags?: readonly Tag[]
}
