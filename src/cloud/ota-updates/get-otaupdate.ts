import type { Operation } from '../http/operation.ts'
import { otaUpdateOf } from './lookup.ts'
import { otaUpdateInfo } from './ota-shapes.ts'

export const getOTAUpdate: Operation = {
  service: 'iot',
  name: 'GetOTAUpdate',
  method: 'GET',
  path: '/otaUpdates/{otaUpdateId}',
  run(cloud, request) {
    return { otaUpdateInfo: otaUpdateInfo({ region: request.region, account: cloud.account }, otaUpdateOf(cloud, request)) }
  },
}
