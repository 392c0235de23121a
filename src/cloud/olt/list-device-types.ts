import { z } from 'zod'
import { PAGE, pageOf, queryOf } from './input.ts'
import type { OltOperation } from './olt-operation.ts'
import { deviceTypeShape } from './shapes.ts'

const query = z.object(PAGE)

export const listDeviceTypes: OltOperation = {
  name: 'ListDeviceTypes',
  api: 'device',
  method: 'GET',
  path: '/device-types',
  permission: 'device:read',
  run(platform, request) {
    const page = queryOf('device', query, request.query)
    return { status: 200, body: pageOf([...platform.deviceTypes.values()].reverse(), page, deviceTypeShape) }
  },
}
