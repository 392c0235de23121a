import { z } from 'zod'
import { PAGE, pageOf, queryOf } from './input.ts'
import type { OltOperation } from './olt-operation.ts'
import { firmwareShape } from './shapes.ts'

const query = z.object(PAGE)

/** Newest first. */
export const listFirmwares: OltOperation = {
  name: 'ListFirmwares',
  api: 'firmware',
  method: 'GET',
  path: '/firmwares',
  permission: 'firmware:read',
  run(platform, request) {
    const page = queryOf('firmware', query, request.query)
    const valid = [...platform.firmwares.values()].filter((firmware) => platform.isValid(firmware)).reverse()
    return { status: 200, body: pageOf(valid, page, (firmware) => firmwareShape(platform, firmware)) }
  },
}
