import { createHash } from 'node:crypto'
import { AwsError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import type { ObjectsView } from '../context.ts'
import { uriEncode } from '../http/canonical-request.ts'
import { SigV4 } from '../http/sigv4.ts'
import { parseObjectUrl } from './address.ts'
import type { ObjectAddress } from './address.ts'
import { Bucket, isVersionId } from './bucket.ts'
import type { Versioning } from './bucket.ts'
import { MultipartUploads } from './multipart-uploads.ts'
import { S3Records } from './records.ts'
import { invalidArgument, noSuchBucket } from './s3-errors.ts'
import { StoredObject } from './stored-object.ts'
import type { ObjectHeaders, StoredFields } from './stored-object.ts'
import type { Tag } from './tags.ts'

/** Presigned URLs of the current second that are remembered: one for each image under rollout. */
const MAX_PRESIGNED = 256
const MAX_BUCKETS = 100

/** Half a character, which no URL can carry. */
const LONE_SURROGATE = /\p{Surrogate}/u

const MARKER: ObjectHeaders = { contentType: '', headers: {}, checksums: {} }

/** Buckets, objects and their versions: in memory, and in the store if there is one. */
export class ObjectStore implements ObjectsView {
  readonly #cloud: ObjectCloud
  readonly #records: S3Records | undefined
  /** Signs the URLs of objects, and verifies those that come back. */
  readonly sigV4: SigV4
  readonly uploads: MultipartUploads
  readonly #buckets = new Map<string, Bucket>()
  readonly #presigned = new Map<string, { address: ObjectAddress; second: number; url: string }>()
  /** Counts versions and uploads. */
  #sequence = 0

  constructor(cloud: ObjectCloud) {
    this.#cloud = cloud
    this.#records = cloud.store && new S3Records(cloud.store)
    this.uploads = new MultipartUploads(cloud.clock, this.#records, () => this.#next())
    if (this.#records) this.#load(this.#records)
    this.sigV4 = new SigV4({ ...cloud.options.credentials, now: () => cloud.clock.now(), wallNow: cloud.wallNow })
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
    const bucket = new Bucket(name, region, this.#cloud.clock.now())
    this.#buckets.set(name, bucket)
    this.#records?.putBucket(name, bucket)
  }

  deleteBucket(name: string): void {
    this.#buckets.delete(name)
    this.#records?.deleteBucket(name)
  }

  setVersioning(bucket: Bucket, versioning: Versioning): void {
    bucket.versioning = versioning
    this.#records?.putBucket(bucket.name, bucket)
  }

  tag(bucketName: string, object: StoredObject, tags: readonly Tag[]): void {
    object.tags = tags
    this.#records?.putTags(bucketName, object)
  }

  /** Copies the bytes, so that nobody can change them later, unless they are `owned`: the caller gives them away. */
  put(bucketName: string, key: string, bytes: Uint8Array, info: ObjectHeaders, more: PutOptions = {}): StoredObject {
    const { owned = false, ...rest } = more
    return this.#add(this.bucket(bucketName), { key, bytes: owned ? bytes : new Uint8Array(bytes), info, ...rest })
  }

  /** Returns the version that is gone or the marker that was added; undefined when there was nothing to delete. Throws InvalidArgument. */
  delete(bucketName: string, key: string, versionId?: string): StoredObject | undefined {
    const bucket = this.bucket(bucketName)
    if (versionId !== undefined) {
      if (!isVersionId(versionId)) throw invalidArgument('Invalid version id specified', 'versionId', versionId)
      return this.#remove(bucket, key, versionId)
    }
    if (bucket.versioning === undefined) {
      this.#remove(bucket, key, 'null')
      return undefined
    }
    return this.#add(bucket, { key, bytes: new Uint8Array(0), info: MARKER, etag: '', deleteMarker: true })
  }

  /** The same text for the same object, expiry and second of simulated time. */
  presign(s3Url: string, expiresInSec: number, method: 'GET' | 'PUT' = 'GET'): string {
    // Every upload has a URL of its own.
    if (method === 'PUT') return this.#presign(this.#address(s3Url), expiresInSec, method)
    const second = Math.floor(this.#cloud.clock.now() / 1000)
    const name = `${expiresInSec} ${s3Url}`
    const known = this.#presigned.get(name)
    if (known?.second === second) return known.url
    const address = known?.address ?? this.#address(s3Url)
    const url = this.#presign(address, expiresInSec, method)
    if (this.#presigned.size >= MAX_PRESIGNED) this.#presigned.clear()
    this.#presigned.set(name, { address, second, url })
    return url
  }

  read(s3Url: string): Uint8Array | undefined {
    const address = parseObjectUrl(s3Url, this.#cloud.options)
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
    const address = LONE_SURROGATE.test(s3Url) ? undefined : parseObjectUrl(s3Url, this.#cloud.options)
    if (address) return address
    const expected = 'such as https://s3.us-east-1.amazonaws.com/bucket/key'
    throw new AwsError('InvalidRequestException', 400, `Expected an S3 URL with bucket and key ${expected}, got ${s3Url}`)
  }

  #presign({ bucket, key, versionId, region }: ObjectAddress, expiresInSec: number, method: 'GET' | 'PUT'): string {
    const path = `/${uriEncode(bucket)}/${key.split('/').map(uriEncode).join('/')}`
    const placed = region ?? this.#buckets.get(bucket)?.region ?? 'us-east-1'
    return this.sigV4.presign({ method, origin: this.#origin, path, versionId, region: placed, expiresInSec })
  }

  /** Of presigned URLs. */
  get #origin(): string {
    const { url, presignedUrls, tlsEndpoint } = this.#cloud.options
    return presignedUrls === 'https' && tlsEndpoint !== undefined ? `https://${tlsEndpoint}` : url
  }

  #add(bucket: Bucket, fields: Omit<StoredFields, 'versionId' | 'lastModifiedMs' | 'sequence'>): StoredObject {
    const sequence = this.#next()
    const versionId = bucket.versioning === 'Enabled' ? versionIdOf(sequence) : 'null'
    const object = new StoredObject({ ...fields, versionId, lastModifiedMs: this.#cloud.clock.now(), sequence })
    bucket.put(object)
    this.#records?.putObject(bucket.name, object)
    return object
  }

  #remove(bucket: Bucket, key: string, versionId: string): StoredObject | undefined {
    const gone = bucket.remove(key, versionId)
    if (gone) this.#records?.deleteObject(bucket.name, gone)
    return gone
  }

  #next(): number {
    this.#sequence += 1
    this.#records?.used(this.#sequence)
    return this.#sequence
  }

  #load(records: S3Records): void {
    this.#sequence = records.sequence()
    for (const [name, { region, createdMs, versioning }] of records.buckets()) {
      const bucket = new Bucket(name, region, createdMs)
      bucket.versioning = versioning
      this.#buckets.set(name, bucket)
    }
    for (const { bucket, ...fields } of records.objects()) this.#buckets.get(bucket)?.put(new StoredObject(fields))
  }
}

type ObjectCloud = Pick<Cloud, 'clock' | 'wallNow' | 'options' | 'store'>

interface PutOptions {
  /** With its quotes; computed from the bytes unless given. */
  readonly etag?: string
  readonly partSizes?: readonly number[]
  readonly tags?: readonly Tag[]
  readonly owned?: boolean
}

/** Counted, so that the same run gives the same ids, but with the look of S3's. */
function versionIdOf(sequence: number): string {
  return createHash('sha256').update(`version ${sequence}`).digest('base64url').slice(0, 32)
}
