import { AwsError } from '../../errors.ts'
import { afterBug } from '../bug.ts'
import type { Cloud } from '../cloud.ts'
import type { DoorRequest, DoorResponse } from '../http/door.ts'
import { pathOf, queryOf } from '../http/rest-request.ts'
import { addressOf } from './address.ts'
import { DeleteMarkerError, FRAME } from './object-headers.ts'
import type { S3Operation } from './operation.ts'
import { S3Query } from './query.ts'
import { operationOf } from './operations.ts'
import { internalError } from './s3-errors.ts'
import { errorXml } from './xml.ts'
import type { XmlMembers } from './xml.ts'

/** As many as there are verified presigned URLs (`http/presigned-urls.ts`). */
const MAX_TARGETS = 4096

const service = 's3'

/** The S3 half of the HTTP door: address → operation → answer, or the error in S3's XML. The request is authenticated already. */
export class S3Door {
  readonly #cloud: Cloud
  readonly #hosts: readonly string[]
  readonly #targets = new Map<string, Target>()

  constructor(cloud: Cloud) {
    this.#cloud = cloud
    this.#hosts = [new URL(cloud.options.url).hostname, 'localhost']
  }

  handle(request: DoorRequest, region: string, requestId: string): Answer {
    let operation = 'unknown'
    try {
      const target = this.#target(request)
      operation = target.operation.name
      const { method, headers, body } = request
      const { bucket, key, query } = target
      checkOwner(headers, this.#cloud.account)
      if (this.#cloud.limits?.admit(`s3:${operation}`) === false) throw new AwsError('SlowDown', 503, 'Please reduce your request rate.')
      const answer = target.operation.run(this.#cloud, { method, bucket, key, query, headers, body, region })
      return { service, operation, code: 'ok', response: { status: answer.status, headers: framed(answer.headers, requestId), body: answer.body } }
    } catch (error) {
      const refusal = error instanceof AwsError ? error : afterBug(this.#cloud, error, internalError())
      return { service, operation, code: refusal.code, response: this.refuse(request, refusal, requestId) }
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
    const query = new S3Query(queryOf(request.url))
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

interface Answer {
  readonly service: 's3'
  readonly operation: string
  readonly code: string
  readonly response: DoorResponse
}

interface Target {
  readonly method: string
  readonly host: string
  readonly bucket: string
  readonly key: string
  readonly query: S3Query
  readonly operation: S3Operation
}

/** A copy is quick when it adds nothing to its source, and a fleet fetches millions of times: headers that have room for the id get it there. */
function framed(headers: Readonly<Record<string, string>>, requestId: string): Readonly<Record<string, string>> {
  const all: Record<string, string> = 'x-amz-id-2' in headers ? { ...headers } : { ...FRAME, ...headers }
  all['x-amz-request-id'] = requestId
  all['x-amz-id-2'] = requestId
  return all
}
