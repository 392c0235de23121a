import { invalid, OltError } from './olt-error.ts'
import type { OltOperation } from './olt-operation.ts'
import { blobUrl } from './instructions.ts'

/** A blob is attached once and never again. */
export const attachBlob: OltOperation = {
  name: 'AttachBlob',
  api: 'firmware',
  method: 'POST',
  path: '/firmwares/{firmwareId}/blob',
  permission: 'firmware:write',
  run(platform, { params, headers, bytes }) {
    const firmware = platform.firmware(params['firmwareId']!)
    if (firmware.size !== null) throw new OltError('FIRMWARE_BLOB_EXISTS', 423, `Firmware ${firmware.id} has a blob already`)
    if (!headers['content-type']?.startsWith('application/octet-stream'))
      throw invalid('firmware', 'The content type must be application/octet-stream')
    if (bytes.length === 0) throw invalid('firmware', 'The blob is empty')
    firmware.hashes = platform.blobs.put(firmware.id, bytes)
    firmware.size = bytes.length
    firmware.updatedAt = platform.now()
    platform.firmwares.save(firmware)
    return { status: 200, body: { data: { downloadUrl: blobUrl(platform, firmware.id) } } }
  },
}
