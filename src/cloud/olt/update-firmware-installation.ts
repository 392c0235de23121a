import { z } from 'zod'
import { bodyOf } from './input.ts'
import { installationOf } from './installation-of.ts'
import { invalid } from './olt-error.ts'
import type { OltOperation } from './olt-operation.ts'
import type { Installation } from './records.ts'
import { installationShape } from './shapes.ts'

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))

const body = z.union([
  z.strictObject({ startedAt: time }),
  z.strictObject({ completedAt: time }),
  z.strictObject({ rejectedAt: time, rejectReason: z.string().max(255).optional() }),
])

type Step = z.output<typeof body>

/** Whoever installs reports here. One step a call: requested → started → completed, and rejected from either of the first two. */
export const updateFirmwareInstallation: OltOperation = {
  name: 'UpdateFirmwareInstallation',
  api: 'firmware',
  method: 'PATCH',
  path: '/devices/{deviceId}/firmware-installations/{installationId}',
  permission: 'firmware:write',
  run(platform, { params, bytes }) {
    const installation = installationOf(platform, params)
    const step = bodyOf('firmware', body, bytes)
    if (!isRepeated(installation, step)) {
      const why = obstacle(installation, step)
      if (why) throw invalid('firmware', why)
      Object.assign(installation, step)
      platform.installations.save(installation)
    }
    return { status: 200, body: { data: installationShape(installation) } }
  },
}

/** Whoever did not hear the answer reports again: the first time stands. */
function isRepeated(installation: Installation, step: Step): boolean {
  return Object.keys(step).every((member) => member === 'rejectReason' || installation[member as 'startedAt'] !== undefined)
}

/** What the platform makes of steps out of order is not documented: here they are refused. */
function obstacle(installation: Installation, step: Step): string | undefined {
  const { startedAt, completedAt, rejectedAt } = installation
  const isOver = completedAt !== undefined || rejectedAt !== undefined
  if (isOver) return `The installation was ${completedAt === undefined ? 'rejected' : 'completed'} already`
  if ('completedAt' in step && startedAt === undefined) return 'The installation was not started'
  return undefined
}
