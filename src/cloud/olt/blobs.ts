import { createHash } from 'node:crypto'
import type { Cloud } from '../cloud.ts'

/** Where blobs lie; made with the first and gone with the last of them. */
const BUCKET = 'olt-firmware-blobs'
const REGION = 'us-east-1'
/** How long a download may be begun after the redirect; not documented. */
const DOWNLOAD_EXPIRES_SEC = 300
const INFO = { contentType: 'application/octet-stream', headers: {}, checksums: {} }
/** Multihash (multiformats.io): the code of sha2-256 and the length of its digest, 32 bytes. */
const SHA2_256 = '1220'

/** Binaries of firmwares, among the objects of the cloud. */
export class Blobs {
  readonly #objects: Cloud['objects']

  constructor(objects: Cloud['objects']) {
    this.#objects = objects
  }

  /** Returns the multihashes of the bytes, in hex. */
  put(firmwareId: string, bytes: Uint8Array): string[] {
    if (!this.#objects.hasBucket(BUCKET)) this.#objects.createBucket(BUCKET, REGION)
    this.#objects.put(BUCKET, firmwareId, bytes, INFO)
    return [SHA2_256 + createHash('sha256').update(bytes).digest('hex')]
  }

  /** Where the bytes are to be had without a token, for a while. */
  download(firmwareId: string): string {
    return this.#objects.presign(`https://s3.${REGION}.amazonaws.com/${BUCKET}/${firmwareId}`, DOWNLOAD_EXPIRES_SEC)
  }

  delete(firmwareId: string): void {
    this.#objects.delete(BUCKET, firmwareId)
    if (this.#objects.bucket(BUCKET).isEmpty) this.#objects.deleteBucket(BUCKET)
  }
}
