import { createHash } from 'node:crypto'
import { AwsError } from '../../errors.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ChecksumAlgorithm, Checksums } from './checksums.ts'
import type { S3Records } from './records.ts'
import { invalidArgument, noSuchUpload } from './s3-errors.ts'
import type { ObjectHeaders } from './stored-object.ts'
import type { Tag } from './tags.ts'

const MAX_UPLOADS = 1000
const MAX_PARTS = 10_000
/** Every part but the last must have 5 MiB. */
const MIN_PART_BYTES = 5 * 1024 * 1024

/** `COMPOSITE` is a checksum of the parts' checksums. */
export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT'

export interface UploadRequest {
  readonly bucket: string
  readonly key: string
  readonly info: ObjectHeaders
  readonly tags: readonly Tag[]
  /** Undefined when the client asked for none. */
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType } | undefined
}

export interface Upload extends UploadRequest {
  readonly id: string
  readonly initiatedMs: number
  readonly parts: Map<number, Part>
}

export interface Part {
  readonly bytes: Uint8Array
  /** With its quotes. */
  readonly etag: string
  readonly checksums: Checksums
  readonly lastModifiedMs: number
}

/** A part as CompleteMultipartUpload lists it. */
export interface ListedPart {
  readonly number: number
  readonly etag: string
  readonly checksums: Checksums
}

/** Objects that arrive in parts: the AWS CLI does so from 8 MB on. */
export class MultipartUploads {
  readonly #clock: Clock
  readonly #records: S3Records | undefined
  readonly #next: () => number
  readonly #uploads = new Map<string, Upload>()

  /** `next` counts. */
  constructor(clock: Clock, records: S3Records | undefined, next: () => number) {
    this.#clock = clock
    this.#records = records
    this.#next = next
    for (const upload of records?.uploads() ?? []) this.#uploads.set(upload.id, upload)
  }

  create(request: UploadRequest): Upload {
    if (this.#uploads.size >= MAX_UPLOADS) throw new AwsError('SlowDown', 503, `More than ${MAX_UPLOADS} uploads are open.`)
    const id = createHash('sha256').update(`upload ${this.#next()}`).digest('base64url')
    const upload = { ...request, id, initiatedMs: this.#clock.now(), parts: new Map<number, Part>() }
    this.#uploads.set(id, upload)
    this.#records?.putUpload(upload)
    return upload
  }

  /** Throws NoSuchUpload. */
  find(bucket: string, key: string, id: string): Upload {
    const upload = this.#uploads.get(id)
    if (!upload || upload.bucket !== bucket || upload.key !== key) throw noSuchUpload(id)
    return upload
  }

  /** In the order in which they began. */
  in(bucket: string): Upload[] {
    return [...this.#uploads.values()].filter((upload) => upload.bucket === bucket).sort((a, b) => a.initiatedMs - b.initiatedMs)
  }

  /** Keeps the bytes as they are: the caller gives them away. A part that comes again replaces the former one. */
  addPart(upload: Upload, number: number, bytes: Uint8Array, checksums: Checksums): Part {
    const part = { bytes, etag: `"${md5(bytes).toString('hex')}"`, checksums, lastModifiedMs: this.#clock.now() }
    upload.parts.set(number, part)
    this.#records?.putPart(upload, number, part)
    return part
  }

  /** The parts that were listed. Throws InvalidPartOrder, InvalidPart, EntityTooSmall. */
  listed(upload: Upload, listed: readonly ListedPart[]): Part[] {
    if (listed.some(({ number }, index) => index > 0 && number <= listed[index - 1]!.number)) {
      const message = 'The list of parts was not in ascending order. Parts must be ordered by part number.'
      throw new AwsError('InvalidPartOrder', 400, message, { UploadId: upload.id })
    }
    const parts = listed.map((one) => partOf(upload, one))
    const small = parts.slice(0, -1).findIndex((part) => part.bytes.length < MIN_PART_BYTES)
    if (small < 0) return parts
    throw new AwsError('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size', {
      ETag: unquoted(parts[small]!.etag),
      MinSizeAllowed: String(MIN_PART_BYTES),
      PartNumber: String(listed[small]!.number),
      ProposedSize: String(parts[small]!.bytes.length),
    })
  }

  /** Completed or given up. */
  close(upload: Upload): void {
    this.#uploads.delete(upload.id)
    this.#records?.deleteUpload(upload)
  }

  reset(): void {
    this.#uploads.clear()
  }
}

/** `"<md5 of the parts' md5s>-<parts>"`. */
export function etagOf(parts: readonly Part[]): string {
  const digest = md5(Buffer.concat(parts.map((part) => Buffer.from(unquoted(part.etag), 'hex')))).toString('hex')
  return `"${digest}-${parts.length}"`
}

/** Throws InvalidArgument. */
export function partNumber(text: string | null): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 1 && number <= MAX_PARTS) return number
  throw invalidArgument(`Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`, 'partNumber', text ?? '')
}

function partOf(upload: Upload, { number, etag, checksums }: ListedPart): Part {
  const part = upload.parts.get(number)
  const same = part && unquoted(part.etag) === unquoted(etag)
  if (same && Object.entries(checksums).every(([algorithm, value]) => part.checksums[algorithm as ChecksumAlgorithm] === value)) return part
  const message =
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag."
  throw new AwsError('InvalidPart', 400, message, { UploadId: upload.id, PartNumber: String(number), ETag: unquoted(etag) })
}

function md5(bytes: Uint8Array): Buffer {
  return createHash('md5').update(bytes).digest()
}

function unquoted(etag: string): string {
  return etag.replace(/"/g, '')
}
