import { z } from 'zod'
import { bodyOf, ownId } from './input.ts'
import { invalid, OltError } from './olt-error.ts'
import type { OltOperation } from './olt-operation.ts'
import type { OltPlatform } from './olt-platform.ts'
import type { Device } from './records.ts'
import { deviceShape } from './shapes.ts'

const body = z.looseObject({
  /** fleetsim's own: MQTT client ids are device ids, and a fleet has names. */
  id: ownId.optional(),
  info: z.looseObject({
    name: z.string().min(1),
    deviceTypeId: z.string(),
    connectedBy: z.string().optional(),
    aliases: z.array(z.string().min(1).max(255)).max(16).default([]),
  }),
})

/** Firmware that is associated with its type is installed at once. */
export const createDevice: OltOperation = {
  name: 'CreateDevice',
  api: 'device',
  method: 'POST',
  path: '/devices',
  permission: 'device:write',
  run(platform, { bytes }) {
    const { id: own, info } = bodyOf('device', body, bytes)
    if (own !== undefined && platform.devices.get(own)) throw invalid('device', `id: ${own} is taken`)
    if (!platform.deviceTypes.get(info.deviceTypeId)) throw invalid('device', `info.deviceTypeId: there is no device type ${info.deviceTypeId}`)
    checkGateway(platform, info.connectedBy)
    const createdAt = platform.now()
    const device = platform.devices.add((id, serial) => ({ id, serial, info, createdAt }), own)
    installAssociated(platform, device)
    return { status: 201, body: { data: deviceShape(device) } }
  },
}

/** What makes a conflict is not documented: here it is a gateway that isn't there, or that is behind a gateway itself. */
function checkGateway(platform: OltPlatform, connectedBy: string | undefined): void {
  if (connectedBy === undefined) return
  const gateway = platform.devices.get(connectedBy)
  const why = !gateway ? 'is not there' : gateway.info.connectedBy === undefined ? undefined : 'is behind a gateway itself'
  if (why) throw new OltError('DEVICE_CONNECTEDBY_CONFLICT', 409, `The gateway ${connectedBy} ${why}`)
}

/** The newest of each slot. */
function installAssociated(platform: OltPlatform, device: Device): void {
  const newest = new Map<string, string>()
  for (const { deviceTypeId, slot, firmwareId } of platform.associations.values())
    if (deviceTypeId === device.info.deviceTypeId) newest.set(slot, firmwareId)
  for (const [slot, firmwareId] of newest) platform.install(device, platform.firmware(firmwareId), slot)
}
