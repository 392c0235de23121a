import { noAccess } from './olt-error.ts'
import type { OltOperation } from './olt-operation.ts'

/** Installations that it made go on. */
export const deleteFirmwareAssociation: OltOperation = {
  name: 'DeleteFirmwareAssociation',
  api: 'firmware',
  method: 'DELETE',
  path: '/device-types/{deviceTypeId}/slots/{slot}/firmware-associations/{associationId}',
  permission: 'firmware:write',
  run(platform, { params }) {
    const { deviceTypeId, slot, associationId = '' } = params
    const association = platform.associations.get(associationId)
    if (association?.deviceTypeId !== deviceTypeId || association?.slot !== slot) throw noAccess(`association ${associationId}`)
    platform.associations.delete(associationId)
    return { status: 204 }
  },
}
