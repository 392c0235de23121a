import { z } from 'zod'
import { bodyOf } from './input.ts'
import type { OltOperation } from './olt-operation.ts'

const body = z.looseObject({ action: z.string().min(1), payload: z.unknown().optional() })

export const createAction: OltOperation = {
  name: 'CreateAction',
  api: 'device',
  method: 'POST',
  path: '/devices/{deviceId}/actions',
  permission: 'device:write',
  run(platform, { params, bytes }) {
    const { action, payload = {} } = bodyOf('device', body, bytes)
    const actionId = platform.act(platform.device(params['deviceId']!), action, payload)
    return { status: 202, body: { data: { actionId } } }
  },
}
