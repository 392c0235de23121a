import type { Cloud } from '../cloud.ts'

/** A REST operation of one service: its name is AWS's, its path the model's, one file each. */
export interface Operation {
  readonly service: 'iot' | 'iot-jobs-data' | 'iotdata'
  readonly name: string
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE'
  /** `/jobs/{jobId}/things`; labels are decoded after the path was split. */
  readonly path: string
  /** Returns the members of the answer (sent as JSON with status 200), or a raw body. Throws AwsError. */
  run(cloud: Cloud, request: OperationRequest): object | RawAnswer | void
}

export interface OperationRequest {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** The parsed JSON body; `{}` when the body is empty. Not parsed for operations whose body is a blob: see `bytes`. */
  readonly body: Readonly<Record<string, unknown>>
  readonly bytes: Uint8Array
  /** The region that the request was signed for: it goes into ARNs. */
  readonly region: string
  /** Whether it came through a TLS port. */
  readonly isTls?: boolean
}

/** A body that is not JSON made from members (a shadow document, a message payload). */
export class RawAnswer {
  readonly body: string | Uint8Array
  readonly contentType: string
  constructor(body: string | Uint8Array, contentType: string) {
    this.body = body
    this.contentType = contentType
  }
}
