import type { Store, Table } from '../store/store.ts'
import type { Versioning } from './bucket.ts'
import type { Part, Upload } from './multipart-uploads.ts'
import type { StoredFields, StoredObject } from './stored-object.ts'

/** What S3 keeps in the store. Bytes have tables of their own: an object whose tags change is not written again. */
export class S3Records {
  readonly #buckets: Table<BucketRecord>
  readonly #objects: Table<ObjectRecord>
  readonly #bytes: Table<Bytes>
  readonly #uploads: Table<UploadRecord>
  readonly #parts: Table<Part>
  readonly #counters: Table<number>

  constructor(store: Store) {
    this.#buckets = store.table('s3-buckets')
    this.#objects = store.table('s3-objects')
    this.#bytes = store.table('s3-bytes')
    this.#uploads = store.table('s3-uploads')
    this.#parts = store.table('s3-parts')
    this.#counters = store.table('s3-counters')
  }

  buckets(): Iterable<readonly [name: string, record: BucketRecord]> {
    return this.#buckets.entries()
  }

  /** Oldest first. */
  objects(): (ObjectRecord & StoredFields)[] {
    const bytes = new Map(this.#bytes.entries())
    const records = [...this.#objects.entries()].map(([key, record]) => ({ ...record, bytes: plain(bytes.get(key)?.bytes) }))
    return records.sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0))
  }

  uploads(): Upload[] {
    const uploads = new Map([...this.#uploads.entries()].map(([id, record]) => [id, { ...record, id, parts: new Map<number, Part>() }]))
    for (const [key, part] of this.#parts.entries()) {
      const [id, number] = key.split(' ') as [string, string]
      uploads.get(id)?.parts.set(Number(number), { ...part, bytes: plain(part.bytes) })
    }
    return [...uploads.values()]
  }

  /** The last number that was used. */
  sequence(): number {
    for (const [, value] of this.#counters.entries()) return value
    return 0
  }

  used(sequence: number): void {
    this.#counters.put('sequence', sequence)
  }

  putBucket(name: string, { region, createdMs, versioning }: BucketRecord): void {
    this.#buckets.put(name, { region, createdMs, versioning })
  }

  deleteBucket(name: string): void {
    this.#buckets.delete(name)
  }

  putObject(bucket: string, object: StoredObject): void {
    this.#bytes.put(objectKey(bucket, object), { bytes: object.bytes })
    this.putTags(bucket, object)
  }

  /** Everything but the bytes. */
  putTags(bucket: string, object: StoredObject): void {
    const { key, versionId, etag, lastModifiedMs, info, deleteMarker, partSizes, tags, sequence } = object
    const record = { bucket, key, versionId, etag, lastModifiedMs, info, deleteMarker, tags, sequence }
    this.#objects.put(objectKey(bucket, object), partSizes ? { ...record, partSizes } : record)
  }

  deleteObject(bucket: string, object: StoredObject): void {
    this.#objects.delete(objectKey(bucket, object))
    this.#bytes.delete(objectKey(bucket, object))
  }

  putUpload({ id, parts: _parts, ...record }: Upload): void {
    this.#uploads.put(id, record)
  }

  putPart(upload: Upload, number: number, part: Part): void {
    this.#parts.put(`${upload.id} ${number}`, part)
  }

  deleteUpload(upload: Upload): void {
    this.#uploads.delete(upload.id)
    for (const number of upload.parts.keys()) this.#parts.delete(`${upload.id} ${number}`)
  }
}

export interface BucketRecord {
  readonly region: string
  readonly createdMs: number
  readonly versioning: Versioning
}

interface Bytes {
  readonly bytes: Uint8Array
}

/** An object without its bytes, as it is stored. */
type ObjectRecord = Omit<StoredFields, 'bytes'> & { readonly bucket: string }
type UploadRecord = Omit<Upload, 'id' | 'parts'>

function objectKey(bucket: string, { key, versionId }: { readonly key: string; readonly versionId: string }): string {
  return `${bucket}/${key}\0${versionId}`
}

/** Small ones come as a Buffer over memory that they share. */
function plain(bytes: Uint8Array | undefined): Uint8Array {
  return bytes === undefined ? new Uint8Array(0) : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}
