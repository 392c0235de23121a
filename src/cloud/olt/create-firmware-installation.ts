import { z } from 'zod'
import { bodyOf, slotName } from './input.ts'
import { invalid, noAccess } from './olt-error.ts'
import type { OltOperation } from './olt-operation.ts'
import { installationShape } from './shapes.ts'

const body = z.object({ firmwareId: z.string().min(1), slot: slotName })

/** The device is sent its instruction at once: there is no way to ask for another time. */
export const createFirmwareInstallation: OltOperation = {
  name: 'CreateFirmwareInstallation',
  api: 'firmware',
  method: 'POST',
  path: '/devices/{deviceId}/firmware-installations',
  permission: 'firmware:write',
  run(platform, { params, bytes }) {
    const { firmwareId, slot } = bodyOf('firmware', body, bytes)
    const device = platform.devices.get(params['deviceId']!)
    if (!device) throw noAccess(`device ${params['deviceId']!}`)
    const firmware = platform.firmware(firmwareId)
    if (firmware.size === null) throw invalid('firmware', `Firmware ${firmwareId} has no blob yet`)
    const { slots } = platform.deviceTypes.get(device.info.deviceTypeId)!
    if (!Object.hasOwn(slots, slot)) throw invalid('firmware', `slot: the device type of ${device.id} has no slot ${slot}`)
    return { status: 201, body: { data: installationShape(platform.install(device, firmware, slot)) } }
  },
}
