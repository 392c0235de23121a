import type { Cloud } from '../cloud.ts'
import type { DoorResponse } from '../http/door.ts'
import type { S3Query } from './query.ts'

/** An S3 operation: its name is AWS's, one file each. `s3/operations.ts` says which request is which. */
export interface S3Operation {
  readonly name: string
  /** Throws AwsError, which becomes S3's XML. */
  run(cloud: Cloud, request: S3Request): DoorResponse
}

export interface S3Request {
  readonly method: string
  /** Empty for operations on the account. */
  readonly bucket: string
  /** Decoded; empty for operations on a bucket. */
  readonly key: string
  readonly query: S3Query
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** The region that the request was signed for. */
  readonly region: string
}

/** A member that clients send as a header, and that a presigned URL carries in its query. */
export function member(request: S3Request, name: string): string | undefined {
  return request.headers[name] ?? request.query.get(name) ?? undefined
}

export const NO_CONTENT: DoorResponse = { status: 204, headers: {}, body: '' }
