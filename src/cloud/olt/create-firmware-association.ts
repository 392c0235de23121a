import { z } from 'zod'
import { bodyOf } from './input.ts'
import { invalid, noAccess } from './olt-error.ts'
import type { OltOperation } from './olt-operation.ts'
import { associationShape } from './shapes.ts'

const body = z.object({ firmwareId: z.string().min(1) })

/** Every device of the type gets an installation, and so does every one that is created later. */
export const createFirmwareAssociation: OltOperation = {
  name: 'CreateFirmwareAssociation',
  api: 'firmware',
  method: 'POST',
  path: '/device-types/{deviceTypeId}/slots/{slot}/firmware-associations',
  permission: 'firmware:write',
  run(platform, { params, bytes }) {
    const { deviceTypeId = '', slot = '' } = params
    const firmware = platform.firmware(bodyOf('firmware', body, bytes).firmwareId)
    const type = platform.deviceTypes.get(deviceTypeId)
    if (!type || !Object.hasOwn(type.slots, slot)) throw noAccess(`slot ${slot} of device type ${deviceTypeId}`)
    if (firmware.size === null) throw invalid('firmware', `Firmware ${firmware.id} has no blob yet`)
    const made = { deviceTypeId, slot, firmwareId: firmware.id, createdAt: platform.now() }
    const association = platform.associations.add((id, serial) => ({ id, serial, ...made }))
    for (const device of platform.devices.values()) if (device.info.deviceTypeId === deviceTypeId) platform.install(device, firmware, slot)
    return { status: 201, body: { data: associationShape(association) } }
  },
}
