import { createHash } from 'node:crypto'
import { AwsError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import type { ObjectsView } from '../context.ts'
import { uriEncode } from '../http/canonical-request.ts'
import { SigV4 } from '../http/sigv4.ts'
import { parseObjectUrl } from './address.ts'
import type { ObjectAddress } from './address.ts'
import { Bucket } from './bucket.ts'
import { MultipartUploads } from './multipart-uploads.ts'
import { noSuchBucket } from './s3-errors.ts'
import { StoredObject } from './stored-object.ts'
import type { ObjectHeaders } from './stored-object.ts'

/** Presigned URLs of the current second that are remembered: one for each image under rollout. */
const MAX_PRESIGNED = 256
const MAX_BUCKETS = 100

const MARKER: ObjectHeaders = { contentType: '', headers: {}, checksums: {} }

/** Buckets, objects and their versions, in memory. */
export class ObjectStore implements ObjectsView {
  readonly #cloud: Pick<Cloud, 'clock' | 'wallNow' | 'options'>
  readonly #signer: SigV4
  readonly uploads = new MultipartUploads()
  readonly #buckets = new Map<string, Bucket>()
  readonly #presigned = new Map<string, { second: number; url: string }>()
  #versions = 0

  constructor(cloud: Pick<Cloud, 'clock' | 'wallNow' | 'options'>) {
    this.#cloud = cloud
    this.#signer = new SigV4({ ...cloud.options.credentials, now: () => cloud.clock.now(), wallNow: cloud.wallNow })
  }

  /** In order of their names. */
  get buckets(): Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  hasBucket(name: string): boolean {
    return this.#buckets.has(name)
  }

  /** Throws NoSuchBucket. */
  bucket(name: string): Bucket {
    const bucket = this.#buckets.get(name)
    if (!bucket) throw noSuchBucket(name)
    return bucket
  }

  createBucket(name: string, region: string): void {
    if (this.#buckets.size >= MAX_BUCKETS) throw new AwsError('TooManyBuckets', 400, `You have attempted to create more than ${MAX_BUCKETS} buckets`)
    this.#buckets.set(name, new Bucket(name, region, this.#cloud.clock.now()))
  }

  deleteBucket(name: string): void {
    this.#buckets.delete(name)
  }

  /** Copies the bytes, so that nobody can change them later. `etag` is computed from them unless given. */
  put(bucketName: string, key: string, bytes: Uint8Array, info: ObjectHeaders, etag?: string): StoredObject {
    const bucket = this.bucket(bucketName)
    const fields = { key, bytes: new Uint8Array(bytes), info, ...(etag === undefined ? {} : { etag }) }
    const object = new StoredObject({ ...fields, versionId: this.#newVersionId(bucket), lastModifiedMs: this.#cloud.clock.now() })
    bucket.put(object)
    return object
  }

  /** Returns the version that is gone or the marker that was added; undefined when there was nothing to delete. */
  delete(bucketName: string, key: string, versionId?: string): StoredObject | undefined {
    const bucket = this.bucket(bucketName)
    if (versionId !== undefined) return bucket.remove(key, versionId)
    if (bucket.versioning === undefined) {
      bucket.remove(key, 'null')
      return undefined
    }
    const fields = { key, bytes: new Uint8Array(0), info: MARKER, etag: '', deleteMarker: true }
    const marker = new StoredObject({ ...fields, versionId: this.#newVersionId(bucket), lastModifiedMs: this.#cloud.clock.now() })
    bucket.put(marker)
    return marker
  }

  /** The same text for the same object, expiry and second of simulated time. */
  presign(s3Url: string, expiresInSec: number, method: 'GET' | 'PUT' = 'GET'): string {
    // Every upload has a URL of its own.
    if (method === 'PUT') return this.#presign(this.#address(s3Url), expiresInSec, method)
    const second = Math.floor(this.#cloud.clock.now() / 1000)
    const name = `${expiresInSec} ${s3Url}`
    const known = this.#presigned.get(name)
    if (known?.second === second) return known.url
    const url = this.#presign(this.#address(s3Url), expiresInSec, method)
    if (this.#presigned.size >= MAX_PRESIGNED) this.#presigned.clear()
    this.#presigned.set(name, { second, url })
    return url
  }

  read(s3Url: string): Uint8Array | undefined {
    const address = parseObjectUrl(s3Url, this.#cloud.options.url)
    const bucket = address && this.#buckets.get(address.bucket)
    if (!address || !bucket?.latest(address.key)) return undefined
    const version = bucket.versionsOf(address.key).find(({ versionId }) => versionId === (address.versionId ?? versionId))
    return version?.deleteMarker === false ? version.bytes : undefined
  }

  /** Forgets everything. */
  reset(): void {
    this.#buckets.clear()
    this.#presigned.clear()
    this.uploads.reset()
  }

  #address(s3Url: string): ObjectAddress {
    const address = parseObjectUrl(s3Url, this.#cloud.options.url)
    if (address) return address
    const expected = 'such as https://s3.us-east-1.amazonaws.com/bucket/key'
    throw new AwsError('InvalidRequestException', 400, `Expected an S3 URL with bucket and key ${expected}, got ${s3Url}`)
  }

  #presign({ bucket, key, versionId, region }: ObjectAddress, expiresInSec: number, method: 'GET' | 'PUT'): string {
    const path = `/${uriEncode(bucket)}/${key.split('/').map(uriEncode).join('/')}`
    const query = versionId === undefined ? {} : { versionId }
    const placed = region ?? this.#buckets.get(bucket)?.region ?? 'us-east-1'
    return this.#signer.presign({ method, origin: this.#cloud.options.url, path, query, region: placed, expiresInSec })
  }

  /** Counted, so that the same run gives the same ids, but with the look of S3's. */
  #newVersionId(bucket: Bucket): string {
    if (bucket.versioning !== 'Enabled') return 'null'
    this.#versions += 1
    return createHash('sha256').update(`version ${this.#versions}`).digest('base64url').slice(0, 32)
  }
}
