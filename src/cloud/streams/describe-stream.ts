import type { Operation } from '../http/operation.ts'
import { streamOf } from './lookup.ts'
import { streamInfo } from './stream-shapes.ts'

export const describeStream: Operation = {
  service: 'iot',
  name: 'DescribeStream',
  method: 'GET',
  path: '/streams/{streamId}',
  run(cloud, request) {
    return { streamInfo: streamInfo({ region: request.region, account: cloud.account }, streamOf(cloud, request)) }
  },
}
