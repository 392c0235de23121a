import { noAccess } from './olt-error.ts'
import type { OltOperation } from './olt-operation.ts'

/** Redirects to where the bytes are. */
export const getBlob: OltOperation = {
  name: 'GetBlob',
  api: 'firmware',
  method: 'GET',
  path: '/firmwares/{firmwareId}/blob',
  permission: 'firmware:read',
  run(platform, { params }) {
    const { id, size } = platform.firmware(params['firmwareId']!)
    if (size === null) throw noAccess(`a blob of firmware ${id}`)
    return { status: 302, headers: { location: platform.blobs.download(id) } }
  },
}
