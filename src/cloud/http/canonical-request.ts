import type { DoorRequest } from './door.ts'

/** The canonical request of Signature Version 4, as its server has to rebuild it from what arrived on the wire. */
export function canonicalRequest(request: DoorRequest, parts: CanonicalParts): string {
  const question = request.url.indexOf('?')
  const path = question < 0 ? request.url : request.url.slice(0, question)
  const query = question < 0 ? '' : request.url.slice(question + 1)
  return [
    request.method,
    parts.doubleEncoded ? doubleEncodedPath(path) : singleEncodedPath(path),
    canonicalQuery(query),
    ...parts.signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    parts.signedHeaders.join(';'),
    parts.payloadHash,
  ].join('\n')
}

export interface CanonicalParts {
  /** Lower-case names in order. */
  readonly signedHeaders: readonly string[]
  readonly payloadHash: string
  /** Every service but S3 encodes the path a second time. */
  readonly doubleEncoded: boolean
}

/** Percent-encodes all but the unreserved characters of RFC 3986, in upper case. */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** Decodes percent-encoding; text that is none (`100%`) stays as it is. */
export function uriDecode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** `1767225600000` → `20260101T000000Z`. */
export function amzDate(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '')
}

/** Milliseconds, or undefined when the text is no date such as `20260101T000000Z`. */
export function parseAmzDate(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [number, number, number, number, number, number]
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** S3: decoded and encoded once, so that it doesn't matter which harmless characters a client left alone. */
function singleEncodedPath(path: string): string {
  return path
    .split('/')
    .map((segment) => uriEncode(uriDecode(segment)))
    .join('/')
}

function doubleEncodedPath(path: string): string {
  return path.split('/').map(uriEncode).join('/')
}

/** Sorted by name, then value; the signature itself is no part of it. `+` is a plus here: SigV4 clients write a space as `%20`. */
function canonicalQuery(query: string): string {
  if (query === '') return ''
  return query
    .split('&')
    .filter((pair) => pair !== '' && !pair.startsWith('X-Amz-Signature='))
    .map((pair) => {
      const equals = pair.indexOf('=')
      const name = equals < 0 ? pair : pair.slice(0, equals)
      const value = equals < 0 ? '' : pair.slice(equals + 1)
      return [uriEncode(uriDecode(name)), uriEncode(uriDecode(value))] as const
    })
    .sort(([nameA, valueA], [nameB, valueB]) => (nameA === nameB ? order(valueA, valueB) : order(nameA, nameB)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
