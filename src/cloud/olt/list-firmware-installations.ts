import { z } from 'zod'
import { queryOf } from './input.ts'
import { noAccess } from './olt-error.ts'
import type { OltOperation } from './olt-operation.ts'
import type { Installation } from './records.ts'
import { installationShape } from './shapes.ts'

const query = z.object({ latestOnly: z.enum(['true', 'false']).default('false') })

/** Newest first; `latestOnly` is the latest successful one of each slot: what the device has. */
export const listFirmwareInstallations: OltOperation = {
  name: 'ListFirmwareInstallations',
  api: 'firmware',
  method: 'GET',
  path: '/devices/{deviceId}/firmware-installations',
  permission: 'firmware:read',
  run(platform, request) {
    const { latestOnly } = queryOf('firmware', query, request.query)
    const deviceId = request.params['deviceId']!
    if (!platform.devices.get(deviceId)) throw noAccess(`device ${deviceId}`)
    const all = platform.installationsOf(deviceId)
    const shown = latestOnly === 'true' ? latest(all) : all.toReversed()
    return { status: 200, body: { data: shown.map(installationShape) } }
  },
}

function latest(all: readonly Installation[]): Installation[] {
  const bySlot = new Map<string, Installation>()
  for (const installation of all) {
    const { slot, completedAt } = installation
    if (completedAt !== undefined && completedAt >= (bySlot.get(slot)?.completedAt ?? 0)) bySlot.set(slot, installation)
  }
  return [...bySlot.values()]
}
