import { noDevice } from './olt-error.ts'
import type { OltOperation } from './olt-operation.ts'
import { deviceTypeShape } from './shapes.ts'

export const getDeviceType: OltOperation = {
  name: 'GetDeviceType',
  api: 'device',
  method: 'GET',
  path: '/device-types/{deviceTypeId}',
  permission: 'device:read',
  run(platform, { params }) {
    const type = platform.deviceTypes.get(params['deviceTypeId']!)
    if (!type) throw noDevice(`device type ${params['deviceTypeId']!}`)
    return { status: 200, body: { data: deviceTypeShape(type) } }
  },
}
