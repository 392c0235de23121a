import { AwsError } from '../../errors.ts'
import type { S3Request } from './operation.ts'
import { noSuchKey } from './s3-errors.ts'
import type { StoredObject } from './stored-object.ts'

/** What the conditions of a GET or HEAD say: `not-modified` is status 304. Throws PreconditionFailed (412). RFC 9110 §13.2.2 gives the order. */
export function checkConditions(object: StoredObject, headers: Readonly<Record<string, string>>): 'go-on' | 'not-modified' {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers
  const { 'if-unmodified-since': ifUnmodifiedSince, 'if-modified-since': ifModifiedSince } = headers
  if (ifMatch !== undefined) {
    if (!lists(ifMatch, object.etag)) throw preconditionFailed('If-Match')
  } else if (ifUnmodifiedSince !== undefined && isAfter(object, ifUnmodifiedSince)) throw preconditionFailed('If-Unmodified-Since')
  if (ifNoneMatch !== undefined) return lists(ifNoneMatch, object.etag) ? 'not-modified' : 'go-on'
  return ifModifiedSince !== undefined && !isAfter(object, ifModifiedSince) ? 'not-modified' : 'go-on'
}

/** What the conditions of a PUT say about the version that it would replace. Throws PreconditionFailed (412), NoSuchKey, NotImplemented. */
export function checkPutConditions(present: StoredObject | undefined, { key, headers }: S3Request): void {
  const object = present?.deleteMarker ? undefined : present
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    const message = 'A header you provided implies functionality that is not implemented'
    throw new AwsError('NotImplemented', 501, message, {
      Header: 'If-None-Match',
      additionalMessage: "We don't accept the provided value of If-None-Match header for this API",
    })
  }
  if (ifNoneMatch === '*' && object) throw preconditionFailed('If-None-Match')
  if (ifMatch === undefined) return
  if (!object) throw noSuchKey(key)
  if (!lists(ifMatch, object.etag)) throw preconditionFailed('If-Match')
}

/** What `x-amz-copy-source-if-…` say about the source: 412 here is what 304 is for a GET. */
export function checkSourceConditions(source: StoredObject, headers: Readonly<Record<string, string>>): void {
  const prefix = 'x-amz-copy-source-'
  const given = Object.entries(headers).filter(([name]) => name.startsWith(`${prefix}if-`))
  if (given.length === 0) return
  const conditions = Object.fromEntries(given.map(([name, value]) => [name.slice(prefix.length), value]))
  if (checkConditions(source, conditions) === 'go-on') return
  throw preconditionFailed(conditions['if-none-match'] === undefined ? 'x-amz-copy-source-If-Modified-Since' : 'x-amz-copy-source-If-None-Match')
}

/** Whether `If-Range` still means this version: otherwise the whole object is sent. */
export function rangeStillMeant(object: StoredObject, ifRange: string | undefined): boolean {
  if (ifRange === undefined) return true
  return ifRange.startsWith('"') ? ifRange === object.etag : !isAfter(object, ifRange)
}

function lists(header: string, etag: string): boolean {
  return header.split(',').some((item) => ['*', etag, etag.replace(/"/g, '')].includes(item.trim().replace(/^W\//, '')))
}

/** Whole seconds, as the header has no finer ones. A date that can't be read is ignored. */
function isAfter(object: StoredObject, date: string): boolean {
  const since = Date.parse(date)
  return !Number.isNaN(since) && Math.floor(object.lastModifiedMs / 1000) > Math.floor(since / 1000)
}

function preconditionFailed(condition: string): AwsError {
  const message = 'At least one of the pre-conditions you specified did not hold'
  return new AwsError('PreconditionFailed', 412, message, { Condition: condition })
}
