import { AwsError } from '../../errors.ts'
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

/** What the conditions of a PUT say about the version that it would replace. Throws PreconditionFailed (412). */
export function checkPutConditions(present: StoredObject | undefined, headers: Readonly<Record<string, string>>): void {
  const object = present?.deleteMarker ? undefined : present
  if (headers['if-none-match'] === '*' && object) throw preconditionFailed('If-None-Match')
  const ifMatch = headers['if-match']
  if (ifMatch !== undefined && !(object && lists(ifMatch, object.etag))) throw preconditionFailed('If-Match')
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
