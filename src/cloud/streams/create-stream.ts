import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { constrained } from '../jobs/constraints.ts'
import { streamFiles } from './stream-files.ts'
import { createStreamRequest } from './stream-schema.ts'
import { streamArn, streamSummary } from './stream-shapes.ts'

/** Differs from AWS: the role is not assumed; any role may read any object. */
export const createStream: Operation = {
  service: 'iot',
  name: 'CreateStream',
  method: 'POST',
  path: '/streams/{streamId}',
  run(cloud, { params, body, region }) {
    const { tags, files, ...members } = constrained(createStreamRequest, { ...body, ...params })
    const scope = { region, account: cloud.account }
    const arn = streamArn(scope, members.streamId)
    if (cloud.streams.find(members.streamId)) {
      const resource = { resourceId: members.streamId, resourceArn: arn }
      throw new AwsError('ResourceAlreadyExistsException', 409, `Stream ${members.streamId} already exists`, resource)
    }
    const stream = cloud.streams.create({ ...members, description: members.description, files: streamFiles(files, cloud.objects) })
    if (tags) cloud.registry.tag(arn, tags)
    return streamSummary(scope, stream)
  },
}
