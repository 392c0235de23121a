import { noAccess } from './olt-error.ts'
import type { OltOperation } from './olt-operation.ts'
import { associationShape } from './shapes.ts'

/** Newest first. */
export const listFirmwareAssociations: OltOperation = {
  name: 'ListFirmwareAssociations',
  api: 'firmware',
  method: 'GET',
  path: '/device-types/{deviceTypeId}/slots/{slot}/firmware-associations',
  permission: 'firmware:read',
  run(platform, { params }) {
    const { deviceTypeId = '', slot = '' } = params
    if (!Object.hasOwn(platform.deviceTypes.get(deviceTypeId)?.slots ?? {}, slot)) throw noAccess(`slot ${slot} of device type ${deviceTypeId}`)
    const found = [...platform.associations.values()].filter((one) => one.deviceTypeId === deviceTypeId && one.slot === slot)
    return { status: 200, body: { data: found.reverse().map(associationShape) } }
  },
}
