import { uriEncode } from '../http/canonical-request.ts'
import type { Bucket } from './bucket.ts'
import type { S3Request } from './operation.ts'
import { invalidArgument } from './s3-errors.ts'
import type { StoredObject } from './stored-object.ts'
import type { XmlMembers } from './xml.ts'

const MAX_KEYS = 1000

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
    if (Buffer.compare(Buffer.from(name), Buffer.from(after)) <= 0 || object.deleteMarker || prefixes.has(name)) continue
    if (contents.length + prefixes.size >= limit) return { contents, prefixes: [...prefixes], last: limit === 0 ? undefined : last }
    if (common === undefined) contents.push(object)
    else prefixes.add(common)
    last = name
  }
  return { contents, prefixes: [...prefixes], last: undefined }
}

export function maxKeys(query: URLSearchParams): number {
  const text = query.get('max-keys') ?? String(MAX_KEYS)
  if (!/^\d+$/.test(text)) throw invalidArgument('Provided max-keys not an integer or within integer range', 'max-keys', text)
  return Math.min(Number(text), MAX_KEYS)
}

/** The `Contents` of a listing. */
export function contentsXml(listing: Listing, encode: (text: string) => string): XmlMembers[] {
  return listing.contents.map((object) => ({
    Key: encode(object.key),
    LastModified: new Date(object.lastModifiedMs).toISOString(),
    ETag: object.etag,
    Size: object.bytes.length,
    StorageClass: 'STANDARD',
  }))
}

export function prefixesXml(listing: Listing, encode: (text: string) => string): XmlMembers[] {
  return listing.prefixes.map((prefix) => ({ Prefix: encode(prefix) }))
}

/** Keys are encoded on demand, since XML can't hold every character; `/` stays. */
export function encoderOf(query: URLSearchParams): (text: string) => string {
  return query.get('encoding-type') === 'url' ? (text) => text.split('/').map(uriEncode).join('/') : (text) => text
}

function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
  return end < 0 ? undefined : key.slice(0, end + delimiter.length)
}
