import type { Operation } from '../http/operation.ts'
import { constrained } from '../jobs/constraints.ts'
import { streamOf } from './lookup.ts'
import { streamFiles } from './stream-files.ts'
import { updateStreamRequest } from './stream-schema.ts'
import { streamSummary } from './stream-shapes.ts'

/** Files that are given replace all of the old ones, and their ETags are noted anew. */
export const updateStream: Operation = {
  service: 'iot',
  name: 'UpdateStream',
  method: 'PUT',
  path: '/streams/{streamId}',
  run(cloud, request) {
    const stream = streamOf(cloud, request)
    const { files, description, roleArn } = constrained(updateStreamRequest, request.body)
    const changes = {
      ...(description !== undefined && { description }),
      ...(roleArn !== undefined && { roleArn }),
      ...(files && { files: streamFiles(files, cloud.objects) }),
    }
    return streamSummary({ region: request.region, account: cloud.account }, cloud.streams.update(stream, changes))
  },
}
