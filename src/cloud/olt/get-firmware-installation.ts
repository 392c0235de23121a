import { installationOf } from './installation-of.ts'
import type { OltOperation } from './olt-operation.ts'
import { installationShape } from './shapes.ts'

export const getFirmwareInstallation: OltOperation = {
  name: 'GetFirmwareInstallation',
  api: 'firmware',
  method: 'GET',
  path: '/devices/{deviceId}/firmware-installations/{installationId}',
  permission: 'firmware:read',
  run: (platform, { params }) => ({ status: 200, body: { data: installationShape(installationOf(platform, params)) } }),
}
