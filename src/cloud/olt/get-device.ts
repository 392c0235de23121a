import type { OltOperation } from './olt-operation.ts'
import { deviceShape } from './shapes.ts'

/** With what the device told of itself. */
export const getDevice: OltOperation = {
  name: 'GetDevice',
  api: 'device',
  method: 'GET',
  path: '/devices/{deviceId}',
  permission: 'device:read',
  run: (platform, { params }) => ({ status: 200, body: { data: deviceShape(platform.device(params['deviceId']!)) } }),
}
