import type { HttpResponse } from '../../ports/http.ts'
import { type Firmware, fetch, type Hardware, type ImageRecord, phase, RequestFailed, sleep } from '../firmware.ts'
import { ImageWriter } from '../ota/image-writer.ts'
import type { OltGatewayConfig } from './config.ts'
import type { Push } from './field-protocol.ts'
import type { FieldFlash } from './flash.ts'

/** How long the field network may take for a whole binary. */
const TRANSFER_TIMEOUT_MS = 5 * 60_000

/** Takes a pushed binary into its slot: what was written, or why not. The transfer is a request of the device, so that it is timed by its own link. */
export function* takeBinary(hardware: Hardware<FieldFlash>, config: OltGatewayConfig, gateway: string, push: Push): Firmware<ImageRecord | string> {
  hardware.emit({ type: 'picked-up', update: push.update, ms: Math.max(0, hardware.now() - push.requestedAt) })
  yield* phase('pickup')
  const refusal = hardware.refusal('admission')
  if (refusal) return refusal
  if (!config.slots.includes(push.slot)) return `no slot ${push.slot}`
  if (push.bytes > config.slot) return 'binary too large'

  yield* phase('download')
  const startedAt = hardware.now()
  const response = yield* transfer(`http://${gateway}.lan/${push.installationId}`)
  if (typeof response === 'string' || response.status !== 200) {
    const reason = typeof response === 'string' ? response : `http ${response.status}`
    hardware.emit({ type: 'download-failed', reason, bytes: 0 })
    return reason
  }
  const image = new ImageWriter()
  image.write(response.body)
  const { bytes, crc32 } = image
  hardware.emit({ type: 'downloaded', bytes, ms: hardware.now() - startedAt, retries: 0 })
  if (config.integrity === 'crc32' && (bytes !== push.bytes || crc32 !== push.crc32)) return 'field checksum'

  yield* phase('install')
  yield* sleep(config.install)
  return hardware.refusal('install') ?? { version: push.version, bytes, crc32 }
}

/** The answer, or why there is none. */
function* transfer(url: string): Firmware<HttpResponse | string> {
  try {
    return yield* fetch(url, {}, TRANSFER_TIMEOUT_MS)
  } catch (error) {
    if (error instanceof RequestFailed) return error.reason
    throw error
  }
}
