import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { streamOf } from './lookup.ts'
import { streamArn } from './stream-shapes.ts'

export const deleteStream: Operation = {
  service: 'iot',
  name: 'DeleteStream',
  method: 'DELETE',
  path: '/streams/{streamId}',
  run(cloud, request) {
    const { streamId } = streamOf(cloud, request)
    const user = cloud.otaUpdates.usersOf(streamId)[0]
    if (user) throw new AwsError('DeleteConflictException', 409, `Stream ${streamId} is used by the OTA update ${user.otaUpdateId}`)
    cloud.streams.delete(streamId)
    cloud.registry.dropTags(streamArn({ region: request.region, account: cloud.account }, streamId))
  },
}
