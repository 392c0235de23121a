import { z } from 'zod'
import { bodyOf } from './input.ts'
import type { OltOperation } from './olt-operation.ts'
import { deviceShape } from './shapes.ts'

const body = z.object({ configuration: z.record(z.string(), z.unknown()) })

/** Sends the configuration that the device is to have; what it has, it tells by `data-ingest`. Path and body are fleetsim's own. */
export const updateDeviceConfiguration: OltOperation = {
  name: 'UpdateDeviceConfiguration',
  api: 'device',
  method: 'PATCH',
  path: '/devices/{deviceId}',
  permission: 'device:write',
  run(platform, { params, bytes }) {
    const device = platform.device(params['deviceId']!)
    platform.configure(device, bodyOf('device', body, bytes).configuration)
    return { status: 200, body: { data: deviceShape(device) } }
  },
}
