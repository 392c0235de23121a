import { AwsError } from '../../errors.ts'
import { afterBug } from '../bug.ts'
import type { Cloud } from '../cloud.ts'
import type { DoorRequest, DoorResponse } from '../http/door.ts'
import { pathOf, queryOf } from '../http/rest-request.ts'
import { addressOf } from './address.ts'
import { DeleteMarkerError } from './object-headers.ts'
import type { S3Operation } from './operation.ts'
import { operationOf } from './operations.ts'
import { internalError } from './s3-errors.ts'
import { errorXml } from './xml.ts'
import type { XmlMembers } from './xml.ts'

/** As many as there are verified presigned URLs (`http/presigned-urls.ts`). */
const MAX_TARGETS = 4096

/** The S3 half of the HTTP door: address → operation → answer, or the error in S3's XML. The request is authenticated already. */
export class S3Door {
  readonly #cloud: Cloud
  readonly #hosts: readonly string[]
  readonly #targets = new Map<string, Target>()

  constructor(cloud: Cloud) {
    this.#cloud = cloud
    this.#hosts = [new URL(cloud.options.url).hostname, 'localhost']
  }

  handle(request: DoorRequest, region: string, requestId: string): { operation: string; code: string; response: DoorResponse } {
    let operation = 'unknown'
    try {
      const target = this.#target(request)
      operation = target.operation.name
      const { method, headers, body } = request
      const { bucket, key, query } = target
      checkOwner(headers, this.#cloud.account)
      if (this.#cloud.limits?.admit(`s3:${operation}`) === false) throw new AwsError('SlowDown', 503, 'Please reduce your request rate.')
      const response = target.operation.run(this.#cloud, { method, bucket, key, query, headers, body, region })
      return { operation, code: 'ok', response: { ...response, headers: framed(response.headers, requestId) } }
    } catch (error) {
      const refusal = error instanceof AwsError ? error : afterBug(this.#cloud, error, internalError())
      return { operation, code: refusal.code, response: this.refuse(request, refusal, requestId) }
    }
  }

  /** The error as S3 says it; HEAD has no body. */
  refuse(request: DoorRequest, error: AwsError, requestId: string): DoorResponse {
    const extra = error instanceof DeleteMarkerError ? error.headers : {}
    const headers = framed({ 'content-type': 'application/xml', ...extra }, requestId)
    const members = { Code: error.code, Message: error.message, ...(error.members as XmlMembers), RequestId: requestId, HostId: requestId }
    return { status: error.status, headers, body: request.method === 'HEAD' ? '' : errorXml(members) }
  }

  /** Devices of a rollout send the same URL many times: what it means is remembered. */
  #target(request: DoorRequest): Target {
    const host = request.headers['host'] ?? ''
    const known = this.#targets.get(request.url)
    if (known && known.method === request.method && known.host === host) return known
    const { bucket, key } = addressOf(pathOf(request.url), host, this.#hosts)
    const query = new URLSearchParams(queryOf(request.url))
    const isCopy = request.method === 'PUT' && request.headers['x-amz-copy-source'] !== undefined
    const operation = operationOf({ method: request.method, bucket, key, query, isCopy })
    const target = { method: request.method, host, bucket, key, query, operation }
    if (request.method === 'GET') this.#remember(request.url, target)
    return target
  }

  #remember(url: string, target: Target): void {
    if (this.#targets.size >= MAX_TARGETS) this.#targets.clear()
    this.#targets.set(url, target)
  }
}

/** A client may say whose bucket it expects. */
function checkOwner(headers: Readonly<Record<string, string>>, account: string): void {
  const expected = headers['x-amz-expected-bucket-owner']
  if (expected !== undefined && expected !== account) throw new AwsError('AccessDenied', 403, 'Access Denied')
}

interface Target {
  readonly method: string
  readonly host: string
  readonly bucket: string
  readonly key: string
  readonly query: URLSearchParams
  readonly operation: S3Operation
}

/** Written member by member: a copy with members more costs a hundred times as much, and a fleet fetches millions of times. */
function framed(headers: Readonly<Record<string, string>>, requestId: string): Record<string, string> {
  const all: Record<string, string> = { server: 'AmazonS3', 'x-amz-request-id': requestId, 'x-amz-id-2': requestId }
  for (const name in headers) all[name] = headers[name]!
  return all
}
