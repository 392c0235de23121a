import { z } from 'zod'
import { PAGE, pageOf, queryOf } from './input.ts'
import type { OltOperation } from './olt-operation.ts'
import { deviceShape } from './shapes.ts'

/** That aliases are looked for here is documented; what the parameters are called is not. */
const query = z.object({ ...PAGE, alias: z.string().optional(), connectedBy: z.string().optional(), deviceTypeId: z.string().optional() })

/** Newest first. */
export const listDevices: OltOperation = {
  name: 'ListDevices',
  api: 'device',
  method: 'GET',
  path: '/devices',
  permission: 'device:read',
  run(platform, request) {
    const { alias, connectedBy, deviceTypeId, ...page } = queryOf('device', query, request.query)
    const found = [...platform.devices.values()].filter(
      ({ info }) =>
        (alias === undefined || info.aliases.includes(alias)) &&
        (connectedBy === undefined || info.connectedBy === connectedBy) &&
        (deviceTypeId === undefined || info.deviceTypeId === deviceTypeId),
    )
    return { status: 200, body: pageOf(found.reverse(), page, deviceShape) }
  },
}
