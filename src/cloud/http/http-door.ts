import { AwsError } from '../../errors.ts'
import type { CloudRequest } from '../../ports/cloud-requests.ts'
import { afterBug } from '../bug.ts'
import type { Cloud } from '../cloud.ts'
import type { Limits } from '../limits/limits.ts'
import { isOltRequest, OltDoor } from '../olt/olt-door.ts'
import { S3Door } from '../s3/s3-door.ts'
import { checkAccess } from './device-access.ts'
import type { DoorRequest, DoorResponse } from './door.ts'
import { RawAnswer } from './operation.ts'
import type { Operation } from './operation.ts'
import { operations } from './operations.ts'
import { pathOf, RestRequest } from './rest-request.ts'
import { Router } from './router.ts'
import type { SigV4 } from './sigv4.ts'
import type { Scope } from './signing-keys.ts'

/** Signing names of the clients: Debian's awscli 2.9 signs IoT requests for `execute-api`; `iotdevicegateway` is the older name of `iotdata`. */
const SERVICES: Readonly<Record<string, Operation['service'] | 's3'>> = {
  iot: 'iot',
  'execute-api': 'iot',
  'iot-jobs-data': 'iot-jobs-data',
  iotdata: 'iotdata',
  iotdevicegateway: 'iotdata',
  s3: 's3',
}

const ADMIN_PREFIX = '/_fleetsim/'

/** A certificate signs for no region, and no operation of a device needs one. */
const DEVICE_REGION = 'us-east-1'

/**
 * Answers HTTP requests of AWS clients, without sockets. Two services own the same paths (`GET /things/{thing}/jobs`), so the service that a
 * request was signed for decides where it goes.
 */
export class HttpDoor {
  readonly #cloud: Cloud
  readonly #router = new Router(operations)
  readonly #sigV4: SigV4
  readonly #s3: S3Door
  readonly #olt: OltDoor
  #requests = 0

  constructor(cloud: Cloud) {
    this.#cloud = cloud
    this.#s3 = new S3Door(cloud)
    this.#olt = new OltDoor(cloud.olt)
    this.#sigV4 = cloud.objects.sigV4
  }

  /** Answers every request; throws only a bug that nobody wants to be told. `x-fleetsim-peer: loopback` opens the admin paths: a server sets it, and strips it from outside. */
  handle(request: DoorRequest): DoorResponse {
    if (request.url.startsWith(ADMIN_PREFIX)) return this.#admin(request)
    const onRequest = this.#cloud.options.onRequest
    const startedMs = onRequest ? performance.now() : 0
    const requestId = this.#nextRequestId()
    const { service, operation, code, response } = this.#safely(request, requestId)
    onRequest?.({ service, operation, code, seconds: (performance.now() - startedMs) / 1000 })
    return response
  }

  /** The access key that the URL of a WebSocket was signed with. Throws AwsError. */
  webSocketSigner(request: DoorRequest): string {
    return this.#sigV4.verifyWebSocket(request).accessKeyId
  }

  #safely(request: DoorRequest, requestId: string): Answer {
    try {
      return this.#answer(request, requestId)
    } catch (error) {
      const failure = afterBug(this.#cloud, error, internalFailure())
      return { service: this.#serviceOf(request), operation: 'unknown', code: failure.code, response: jsonError(failure, requestId) }
    }
  }

  #answer(request: DoorRequest, requestId: string): Answer {
    if (request.caller) return this.#rest(this.#deviceService(request), request, DEVICE_REGION, requestId)
    if (isOltRequest(request)) return { service: 'olt', ...this.#olt.handle(request) }
    let scope: Scope | undefined
    try {
      scope = this.#sigV4.verify(request)
    } catch (error) {
      return this.#refuse(request, requestId, error)
    }
    const service = scope ? SERVICES[scope.service] : undefined
    if (service === 's3') return this.#s3.handle(request, scope!.region, requestId)
    if (service) return this.#rest(service, request, scope!.region, requestId)
    return this.#refuse(request, requestId, scope ? wrongService(scope) : undefined)
  }

  /** `error` is undefined for a request without a signature. */
  #refuse(request: DoorRequest, requestId: string, error?: unknown): Answer {
    if (error !== undefined && !(error instanceof AwsError)) throw error
    const claimed = /Credential=[^/\s]+\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers['authorization'] ?? '')?.[1]
    const service = claimed === undefined ? this.#serviceOf(request) : (SERVICES[claimed] ?? 'iot')
    if (service === 's3') {
      const refusal = error ?? new AwsError('AccessDenied', 403, 'Access Denied')
      return { service, operation: 'unknown', code: refusal.code, response: this.#s3.refuse(request, refusal, requestId) }
    }
    const refusal = error ?? new AwsError('MissingAuthenticationTokenException', 403, 'Missing Authentication Token')
    return { service, operation: 'unknown', code: refusal.code, response: jsonError(refusal, requestId) }
  }

  /** A guess for a request that carries no scope: the paths of the JSON services are theirs, any other is a bucket. */
  #serviceOf(request: DoorRequest): CloudRequest['service'] {
    return !request.url.includes('X-Amz-') && this.#router.claims(pathOf(request.url)) ? 'iot' : 's3'
  }

  /** Devices with certificates reach the two data planes; no path is of both. */
  #deviceService({ method, url }: DoorRequest): Operation['service'] {
    return this.#router.find('iot-jobs-data', method, pathOf(url)) ? 'iot-jobs-data' : 'iotdata'
  }

  #rest(service: Operation['service'], request: DoorRequest, region: string, requestId: string): Answer {
    const route = this.#router.find(service, request.method, pathOf(request.url))
    if (!route) {
      const error = new AwsError('UnknownOperationException', 404, `${service} has no operation ${request.method} ${pathOf(request.url)}`)
      return { service, operation: 'unknown', code: error.code, response: jsonError(error, requestId) }
    }
    const operation = route.operation.name
    try {
      const restRequest = new RestRequest(request, route.params, region)
      if (request.caller) checkAccess(this.#cloud.identities, request.caller, operation, restRequest)
      if (this.#cloud.limits) admit(this.#cloud.limits, service, operation)
      const answer = route.operation.run(this.#cloud, restRequest)
      return { service, operation, code: 'ok', response: jsonAnswer(answer ?? {}, requestId) }
    } catch (error) {
      const refusal = error instanceof AwsError ? error : afterBug(this.#cloud, error, internalFailure())
      return { service, operation, code: refusal.code, response: jsonError(refusal, requestId) }
    }
  }

  #admin(request: DoorRequest): DoorResponse {
    const headers = { 'content-type': 'application/json' }
    if (request.headers['x-fleetsim-peer'] !== 'loopback') return { status: 403, headers, body: '{"message":"only from this machine"}' }
    if (request.method === 'POST' && request.url === `${ADMIN_PREFIX}olt/tokens`) return this.#olt.mint(request.body)
    if (request.method !== 'POST' || request.url !== `${ADMIN_PREFIX}reset`) return { status: 404, headers, body: '{"message":"no such path"}' }
    this.#cloud.reset()
    return { status: 200, headers, body: '{}' }
  }

  /** Counted, not random: the same run gives the same journal. */
  #nextRequestId(): string {
    this.#requests += 1
    return `00000000-0000-4000-8000-${this.#requests.toString(16).padStart(12, '0')}`
  }
}

interface Answer {
  readonly service: CloudRequest['service']
  readonly operation: string
  readonly code: string
  readonly response: DoorResponse
}

function jsonAnswer(answer: object, requestId: string): DoorResponse {
  const [contentType, body] = answer instanceof RawAnswer ? [answer.contentType, answer.body] : ['application/json', JSON.stringify(answer)]
  return { status: 200, headers: { 'content-type': contentType, 'x-amzn-RequestId': requestId }, body }
}

function jsonError(error: AwsError, requestId: string): DoorResponse {
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-amzn-ErrorType': error.code, 'x-amzn-RequestId': requestId },
    body: JSON.stringify({ message: error.message, ...error.members }),
  }
}

function admit(limits: Limits, service: Operation['service'], operation: string): void {
  if (limits.admit(`${service}:${operation}`)) return
  throw new AwsError('ThrottlingException', service === 'iot' ? 400 : 429, 'Rate exceeded')
}

function internalFailure(): AwsError {
  return new AwsError('InternalFailureException', 500, 'An unexpected error has occurred.')
}

function wrongService(scope: Scope): AwsError {
  return new AwsError(
    'InvalidSignatureException',
    403,
    `Credential should be scoped to one of ${Object.keys(SERVICES).join(', ')}, got '${scope.service}'.`,
  )
}
