import { AwsError } from '../../errors.ts'

export interface Address {
  readonly bucket: string
  readonly key: string
}

export interface ObjectAddress extends Address {
  readonly versionId?: string
  /** Undefined when the URL names none. */
  readonly region?: string
}

/** Where the cloud serves objects itself: `http://host:port`, and `host:port` of HTTPS. */
interface Doors {
  readonly url: string
  readonly tlsEndpoint?: string | undefined
}

const AWS_HOST = /^(?:(.+)\.)?s3(?:[.-]([a-z]{2}(?:-[a-z]+)+-\d))?\.amazonaws\.com$/

/** Bucket and key of a request: path style, or virtual-hosted style when the host is `bucket.` and one of `hosts` or of AWS's own names. */
export function addressOf(path: string, host: string, hosts: readonly string[]): Address {
  const bucket = bucketOfHost(host.replace(/:\d+$/, ''), hosts)
  if (bucket !== undefined) return { bucket, key: decoded(path.slice(1)) }
  const slash = path.indexOf('/', 1)
  if (slash < 0) return { bucket: decoded(path.slice(1)), key: '' }
  return { bucket: decoded(path.slice(1, slash)), key: decoded(path.slice(slash + 1)) }
}

/**
 * Bucket, key and version of an S3 URL as job documents name it: `https://s3.<region>.amazonaws.com/bucket/key`, the same without a region,
 * `https://bucket.s3.<region>.amazonaws.com/key`, `s3://bucket/key`, or `/bucket/key` at one of the cloud's own doors. A version comes as
 * `?versionId=`, percent-encoded or not (aws-iot.md §4.8). Undefined for anything else.
 */
export function parseObjectUrl(s3Url: string, doors: Doors): ObjectAddress | undefined {
  const match = /^(s3|https?):\/\/([^/]+)\/(.*)$/s.exec(s3Url)
  if (!match) return undefined
  const [, scheme, host, rest] = match as unknown as [string, string, string, string]
  const versioned = /^(.*)\?versionId=([^&?/]+)$/s.exec(decodedOrPlain(rest))
  const path = versioned ? versioned[1]! : decodedOrPlain(rest)
  const versionId = versioned ? { versionId: versioned[2]! } : {}
  if (scheme === 's3') return named(host, path, versionId)
  const aws = AWS_HOST.exec(host)
  if (!aws && (scheme === 'https' ? host !== doors.tlsEndpoint : `http://${host}` !== doors.url)) return undefined
  const region = aws?.[2] === undefined ? {} : { region: aws[2] }
  if (aws?.[1] !== undefined) return named(aws[1], path, { ...versionId, ...region })
  const slash = path.indexOf('/')
  return slash < 0 ? undefined : named(path.slice(0, slash), path.slice(slash + 1), { ...versionId, ...region })
}

function named(bucket: string, key: string, rest: { versionId?: string; region?: string }): ObjectAddress | undefined {
  return bucket === '' || key === '' ? undefined : { bucket, key, ...rest }
}

function bucketOfHost(host: string, hosts: readonly string[]): string | undefined {
  if (host.endsWith('.amazonaws.com')) return AWS_HOST.exec(host)?.[1]
  const parent = hosts.find((name) => host.endsWith(`.${name}`))
  return parent === undefined ? undefined : host.slice(0, -parent.length - 1)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new AwsError('InvalidURI', 400, "Couldn't parse the specified URI.", { URI: text })
  }
}

/** The first kind of placeholder holds plain text, the second an encoded URL; a `%` that encodes nothing is plain. */
function decodedOrPlain(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
