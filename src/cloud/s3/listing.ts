import { uriEncode } from '../http/canonical-request.ts'
import { byUtf8 } from './bucket.ts'
import type { Bucket } from './bucket.ts'
import { checksumTypeOf } from './checksums.ts'
import type { S3Request } from './operation.ts'
import { invalidArgument } from './s3-errors.ts'
import type { StoredObject } from './stored-object.ts'
import type { XmlMembers } from './xml.ts'

const MAX_KEYS = 1000
const MAX_INTEGER = 2 ** 31 - 1

/** What the two listings of keys share. */
export interface Listing {
  readonly contents: readonly StoredObject[]
  /** Prefixes that end in the delimiter and stand for all keys that begin with them. */
  readonly prefixes: readonly string[]
  /** The last key or prefix of this page, when there are more. */
  readonly last: string | undefined
}

/** The page of keys after `after`, a key or a prefix that stood for many. */
export function listKeys(bucket: Bucket, request: S3Request, after: string): Listing {
  const { query } = request
  const [prefix, delimiter, limit] = [query.get('prefix') ?? '', query.get('delimiter') ?? '', maxKeys(query)]
  const contents: StoredObject[] = []
  const prefixes = new Set<string>()
  let last: string | undefined
  for (const key of bucket.keys()) {
    if (!key.startsWith(prefix)) continue
    const common = commonPrefix(key, prefix, delimiter)
    const name = common ?? key
    const object = bucket.latest(key)!
    if (object.deleteMarker || prefixes.has(name) || byUtf8(name, after) <= 0) continue
    if (contents.length + prefixes.size >= limit) return { contents, prefixes: [...prefixes], last: limit === 0 ? undefined : last }
    if (common === undefined) contents.push(object)
    else prefixes.add(common)
    last = name
  }
  return { contents, prefixes: [...prefixes], last: undefined }
}

export function maxKeys(query: URLSearchParams): number {
  return count(query, 'max-keys')
}

/** A number of the query; no listing gives more than a thousand at once. */
export function count(query: URLSearchParams, name: string, preset = MAX_KEYS, most = MAX_KEYS): number {
  const text = query.get(name) || String(preset)
  if (/^\d+$/.test(text) && Number(text) <= MAX_INTEGER) return Math.min(Number(text), most)
  throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, text)
}

/** The `Contents` of a listing. */
export function contentsXml(listing: Listing, encode: (text: string) => string): XmlMembers[] {
  return listing.contents.map((object) => ({
    Key: encode(object.key),
    LastModified: new Date(object.lastModifiedMs).toISOString(),
    ETag: object.etag,
    ...checksumNames(object),
    Size: object.bytes.length,
    StorageClass: object.info.headers['x-amz-storage-class'] ?? 'STANDARD',
  }))
}

export function prefixesXml(listing: Listing, encode: (text: string) => string): XmlMembers[] {
  return listing.prefixes.map((prefix) => ({ Prefix: encode(prefix) }))
}

/** Which checksum an object has. */
export function checksumNames({ info: { checksums } }: StoredObject): XmlMembers {
  const type = checksumTypeOf(checksums)
  return type === undefined ? {} : { ChecksumAlgorithm: Object.keys(checksums)[0]!.toUpperCase(), ChecksumType: type }
}

/** Keys are encoded on demand, since XML can't hold every character; `/` stays. Throws InvalidArgument. */
export function encoderOf(query: URLSearchParams): (text: string) => string {
  const type = query.get('encoding-type')
  if (type === null || type === '') return (text) => text
  if (type === 'url') return (text) => text.split('/').map(uriEncode).join('/')
  throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', type)
}

/** What keys with the same beginning are folded to: the prefix up to the next delimiter. */
export function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
  return end < 0 ? undefined : key.slice(0, end + delimiter.length)
}
