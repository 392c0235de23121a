import type { OltOperation } from './olt-operation.ts'

/** Installations that were made stay: one whose blob was not fetched yet will fail at that. */
export const deleteFirmware: OltOperation = {
  name: 'DeleteFirmware',
  api: 'firmware',
  method: 'DELETE',
  path: '/firmwares/{firmwareId}',
  permission: 'firmware:write',
  run(platform, { params }) {
    const { id, size } = platform.firmware(params['firmwareId']!)
    if (size !== null) platform.blobs.delete(id)
    platform.firmwares.delete(id)
    for (const association of platform.associations.values()) if (association.firmwareId === id) platform.associations.delete(association.id)
    return { status: 204 }
  },
}
