import { noAccess } from './olt-error.ts'
import type { OltPlatform } from './olt-platform.ts'
import type { Installation } from './records.ts'

/** The installation that a path names. Throws OltError 403. */
export function installationOf({ installations }: OltPlatform, params: Readonly<Record<string, string>>): Installation {
  const { deviceId, installationId = '' } = params
  const installation = installations.get(installationId)
  if (installation?.deviceId !== deviceId) throw noAccess(`installation ${installationId}`)
  return installation!
}
