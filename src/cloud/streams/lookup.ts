import type { Cloud } from '../cloud.ts'
import type { OperationRequest } from '../http/operation.ts'
import { constrained } from '../jobs/constraints.ts'
import type { Stream } from './stream.ts'
import { streamIdMember } from './stream-schema.ts'

/** The stream that the path of a request names, or AwsError. */
export function streamOf({ streams }: Cloud, { params }: OperationRequest): Stream {
  return streams.stream(constrained(streamIdMember, params).streamId)
}
