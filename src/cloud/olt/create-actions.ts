import { z } from 'zod'
import { bodyOf } from './input.ts'
import type { OltOperation } from './olt-operation.ts'

/** How devices are named here is not known; this is fleetsim's own. */
const body = z.looseObject({ deviceIds: z.array(z.string()).min(1).max(1000), action: z.string().min(1), payload: z.unknown().optional() })

/** One action for many devices, or for none if one of them is not there. */
export const createActions: OltOperation = {
  name: 'CreateActions',
  api: 'device',
  method: 'POST',
  path: '/devices/actions',
  permission: 'device:write',
  run(platform, { bytes }) {
    const { deviceIds, action, payload = {} } = bodyOf('device', body, bytes)
    for (const device of deviceIds.map((id) => platform.device(id))) platform.act(device, action, payload)
    return { status: 204 }
  },
}
