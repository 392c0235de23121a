import { z } from 'zod'
import { bodyOf, slotName } from './input.ts'
import type { OltOperation } from './olt-operation.ts'
import { deviceTypeShape } from './shapes.ts'

/** Schemas and reporting rules are kept and shown, and mean nothing here. */
const body = z.looseObject({ name: z.string().min(1), slots: z.record(slotName, z.looseObject({})).default({}) })

export const createDeviceType: OltOperation = {
  name: 'CreateDeviceType',
  api: 'device',
  method: 'POST',
  path: '/device-types',
  permission: 'device:write',
  run(platform, { bytes }) {
    const { slots, ...members } = bodyOf('device', body, bytes)
    const createdAt = platform.now()
    const type = platform.deviceTypes.add((id, serial) => ({ id, serial, members, slots, createdAt }))
    return { status: 201, body: { data: deviceTypeShape(type) } }
  },
}
