import { createHmac } from 'node:crypto'
import { AwsError } from '../../errors.ts'
import type { DoorRequest } from './door.ts'
import { pathOf, queryOf } from './rest-request.ts'
import { sameSignature } from './signing-keys.ts'
import type { Scope } from './signing-keys.ts'
import { signatureMismatch, unknownKey } from './sigv4-errors.ts'

/** Members of a query that are signed (the others aren't), as the S3 developer guide of that time lists them. */
const SIGNED_MEMBERS =
  /^(acl|cors|delete|lifecycle|location|logging|notification|partNumber|policy|requestPayment|restore|tagging|torrent|uploadId|uploads|versionId|versioning|versions|website|response-.+)$/

/** Whether the URL is presigned with Signature Version 2, as `aws s3 presign` of the AWS CLI 1 still does. */
export function isSigV2Url(url: string): boolean {
  return url.includes('AWSAccessKeyId=') && url.includes('Signature=')
}

/** Verifies `?AWSAccessKeyId=…&Signature=…&Expires=<epoch seconds>` of a path-style URL on the wall clock. Throws AwsError. */
export function verifySigV2Url(request: DoorRequest, credentials: { accessKeyId: string; secretAccessKey: string }, wallMs: number): Scope {
  const query = new URLSearchParams(queryOf(request.url))
  const [accessKeyId, signature, expires] = ['AWSAccessKeyId', 'Signature', 'Expires'].map((name) => query.get(name) ?? '') as [
    string,
    string,
    string,
  ]
  const scope = { accessKeyId, date: '', region: 'us-east-1', service: 's3' }
  if (accessKeyId !== credentials.accessKeyId) throw unknownKey(scope)
  const text = stringToSign(request, query, expires)
  const expected = createHmac('sha1', credentials.secretAccessKey).update(text).digest('base64')
  if (!sameSignature(expected, signature)) throw signatureMismatch(scope, signature, text, text)
  const expiresMs = Number(expires) * 1000
  if (wallMs <= expiresMs) return scope
  const times = { Expires: new Date(expiresMs).toISOString(), ServerTime: new Date(wallMs).toISOString() }
  throw new AwsError('AccessDenied', 403, 'Request has expired', times)
}

function stringToSign({ method, url, headers }: DoorRequest, query: URLSearchParams, expires: string): string {
  const amz = Object.keys(headers)
    .filter((name) => name.startsWith('x-amz-'))
    .sort()
    .map((name) => `${name}:${headers[name]!.trim()}\n`)
  const members = [...query]
    .filter(([name]) => SIGNED_MEMBERS.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
  const resource = members.length > 0 ? `${pathOf(url)}?${members.join('&')}` : pathOf(url)
  return `${method}\n${headers['content-md5'] ?? ''}\n${headers['content-type'] ?? ''}\n${expires}\n${amz.join('')}${resource}`
}
