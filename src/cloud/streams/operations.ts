import type { Operation } from '../http/operation.ts'
import { createStream } from './create-stream.ts'
import { deleteStream } from './delete-stream.ts'
import { describeStream } from './describe-stream.ts'
import { listStreams } from './list-streams.ts'
import { updateStream } from './update-stream.ts'

/** The streams operations of the control plane (`iot`). */
export const streamsOperations: readonly Operation[] = [createStream, deleteStream, describeStream, listStreams, updateStream]
