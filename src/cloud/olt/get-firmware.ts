import type { OltOperation } from './olt-operation.ts'
import { firmwareShape } from './shapes.ts'

export const getFirmware: OltOperation = {
  name: 'GetFirmware',
  api: 'firmware',
  method: 'GET',
  path: '/firmwares/{firmwareId}',
  permission: 'firmware:read',
  run: (platform, { params }) => ({ status: 200, body: { data: firmwareShape(platform, platform.firmware(params['firmwareId']!)) } }),
}
