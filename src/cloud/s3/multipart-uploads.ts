import { createHash } from 'node:crypto'
import { AwsError } from '../../errors.ts'
import { noSuchUpload } from './s3-errors.ts'
import type { ObjectHeaders } from './stored-object.ts'

const MAX_UPLOADS = 1000
const MAX_PARTS = 10_000
/** Every part but the last must have 5 MiB. */
const MIN_PART_BYTES = 5 * 1024 * 1024

export interface Upload {
  readonly id: string
  readonly bucket: string
  readonly key: string
  readonly info: ObjectHeaders
  readonly parts: Map<number, Part>
}

interface Part {
  readonly bytes: Uint8Array
  /** With its quotes. */
  readonly etag: string
}

/** Objects that arrive in parts: the AWS CLI does so from 8 MB on. */
export class MultipartUploads {
  readonly #uploads = new Map<string, Upload>()
  #created = 0

  create(bucket: string, key: string, info: ObjectHeaders): Upload {
    if (this.#uploads.size >= MAX_UPLOADS) throw new AwsError('SlowDown', 503, `More than ${MAX_UPLOADS} uploads are open.`)
    this.#created += 1
    const id = createHash('sha256').update(`upload ${this.#created}`).digest('base64url')
    const upload = { id, bucket, key, info, parts: new Map<number, Part>() }
    this.#uploads.set(id, upload)
    return upload
  }

  /** Throws NoSuchUpload. */
  find(bucket: string, key: string, id: string): Upload {
    const upload = this.#uploads.get(id)
    if (!upload || upload.bucket !== bucket || upload.key !== key) throw noSuchUpload(id)
    return upload
  }

  /** Returns the part's ETag. */
  addPart(upload: Upload, number: number, bytes: Uint8Array): string {
    if (!Number.isInteger(number) || number < 1 || number > MAX_PARTS) {
      throw new AwsError('InvalidArgument', 400, `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`)
    }
    const etag = `"${md5(bytes).toString('hex')}"`
    upload.parts.set(number, { bytes: new Uint8Array(bytes), etag })
    return etag
  }

  /** The whole object and its ETag, `"<md5 of the parts' md5s>-<parts>"`. The upload is closed. */
  complete(upload: Upload, listed: readonly { number: number; etag: string }[]): { bytes: Uint8Array; etag: string } {
    if (listed.some(({ number }, index) => index > 0 && number <= listed[index - 1]!.number)) {
      throw new AwsError('InvalidPartOrder', 400, 'The list of parts was not in ascending order.')
    }
    const parts = listed.map(({ number, etag }) => {
      const part = upload.parts.get(number)
      if (part && unquoted(part.etag) === unquoted(etag)) return part
      throw new AwsError('InvalidPart', 400, 'One or more of the specified parts could not be found.', { PartNumber: String(number) })
    })
    if (parts.slice(0, -1).some((part) => part.bytes.length < MIN_PART_BYTES)) {
      throw new AwsError('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size')
    }
    this.#uploads.delete(upload.id)
    const digest = md5(Buffer.concat(parts.map((part) => Buffer.from(unquoted(part.etag), 'hex')))).toString('hex')
    return { bytes: Buffer.concat(parts.map((part) => part.bytes)), etag: `"${digest}-${parts.length}"` }
  }

  abort(upload: Upload): void {
    this.#uploads.delete(upload.id)
  }

  reset(): void {
    this.#uploads.clear()
  }
}

function md5(bytes: Uint8Array): Buffer {
  return createHash('md5').update(bytes).digest()
}

function unquoted(etag: string): string {
  return etag.replace(/"/g, '')
}
