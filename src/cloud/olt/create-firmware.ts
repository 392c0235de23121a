import { z } from 'zod'
import { bodyOf } from './input.ts'
import type { OltOperation } from './olt-operation.ts'
import { firmwareShape } from './shapes.ts'

const body = z.object({
  name: z.string().min(1).max(255),
  description: z.string().nullish(),
  version: z.string().max(255).nullish(),
})

/** Without a blob the firmware becomes invalid after five minutes. */
export const createFirmware: OltOperation = {
  name: 'CreateFirmware',
  api: 'firmware',
  method: 'POST',
  path: '/firmwares',
  permission: 'firmware:write',
  run(platform, { bytes }) {
    const { name, description = null, version = null } = bodyOf('firmware', body, bytes)
    const now = platform.now()
    const times = { createdAt: now, updatedAt: now }
    const firmware = platform.firmwares.add((id, serial) => ({ id, serial, name, description, version, size: null, hashes: [], ...times }))
    return { status: 201, body: { data: firmwareShape(platform, firmware) } }
  },
}
