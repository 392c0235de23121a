import { createHash } from 'node:crypto'
import type { HttpResponse } from '../../ports/http.ts'
import { type Firmware, fetch, type Hardware, type ImageRecord, phase, reboot, RequestFailed, tell } from '../firmware.ts'
import { crcText, ImageWriter } from '../ota/image-writer.ts'
import type { DataGatorConfig } from './config.ts'
import type { GatorFlash } from './flash.ts'
import { accessPointMacOf, macOf } from './mac.ts'

/** The first byte of an ESP32 application image. */
const ESP_MAGIC = 0xe9
/** ESP32 of a FireBeetle: 4 MiB of flash. */
const CHIP_BYTES = 4 * 1024 * 1024
const SDK_VERSION = 'v4.4.5'
/** The server's way to say that there is nothing to update: no error, and no reason to ask again. */
const NOT_MODIFIED = 'http 304'

/** What the gateway has and the gator has not. */
export interface Offer {
  readonly gateway: string
  readonly fileName: string
  readonly version: string
}

/** Up to `attempts` downloads in a row; after the first good one the gator restarts and never comes back here. */
export function* takeUpdate(hardware: Hardware<GatorFlash>, config: DataGatorConfig, offer: Offer): Firmware {
  const { flash } = hardware
  flash.busy = true
  hardware.emit({ type: 'picked-up', update: offer.fileName })
  yield* phase('pickup')
  const refusal = hardware.refusal('admission')
  if (refusal) return report(hardware, offer, 'REJECTED', refusal)
  let reason = ''
  for (let attempt = 0; attempt < config.attempts; attempt++) {
    const result = yield* tryOnce(hardware, config, offer, attempt)
    if (typeof result !== 'string') {
      flash.pending = result
      hardware.emit({ type: 'flashed', ...result })
      yield* say(hardware, offer, 'ota_status', 'finished')
      report(hardware, offer, 'SUCCEEDED')
      yield* phase('reboot')
      yield* reboot(config.reboot)
    }
    reason = result as string
    if (reason === NOT_MODIFIED) break
    // An error goes out on another topic than all the rest.
    yield* say(hardware, offer, 'ota', 'error')
  }
  report(hardware, offer, 'FAILED', reason)
}

/** One download of the whole file: the image, or why it failed. */
function* tryOnce(hardware: Hardware<GatorFlash>, config: DataGatorConfig, offer: Offer, attempt: number): Firmware<ImageRecord | string> {
  yield* phase('download')
  yield* say(hardware, offer, 'ota_status', 'started')
  const startedAt = hardware.now()
  const url = `http://${offer.gateway}.lan/${offer.fileName}`
  const response = yield* get(url, requestHeaders(hardware, config), config.stallTimeout)
  if (typeof response === 'string') return failed(hardware, response, 0)
  const problem = refuse(response, config.slot)
  if (problem) return failed(hardware, problem, response.body.length)
  const image = new ImageWriter()
  image.write(response.body)
  hardware.emit({ type: 'downloaded', bytes: image.bytes, ms: hardware.now() - startedAt, retries: attempt })
  if (config.integrity === 'crc32') {
    const expected = yield* get(`${url}.crc32`, {}, config.stallTimeout)
    if (typeof expected === 'string') return expected
    if (Buffer.from(expected.body).toString() !== crcText(image.crc32)) return 'crc32 mismatch'
  }
  yield* phase('install')
  const record = { version: offer.version, bytes: image.bytes, crc32: image.crc32 }
  // The chip sums the image up before it makes the slot active.
  if (!hardware.isGenuine(record)) return 'image checksum'
  return hardware.refusal('install') ?? record
}

/** The answer, or why there is none. */
function* get(url: string, headers: Record<string, string>, timeoutMs: number): Firmware<HttpResponse | string> {
  try {
    return yield* fetch(url, headers, timeoutMs)
  } catch (error) {
    if (error instanceof RequestFailed) return error.reason
    throw error
  }
}

/** HTTP/1.0 client of the Arduino core: needs a length that fits, and an image of the chip. */
function refuse(response: HttpResponse, slotBytes: number): string | undefined {
  if (response.status !== 200) return `http ${response.status}`
  const length = Number(response.headers['content-length'] ?? 0)
  if (!(length > 0)) return 'no content-length'
  if (length > slotBytes) return 'image too large'
  if (response.body.length < length) return 'stalled'
  if (response.body[0] !== ESP_MAGIC) return 'no esp32 image'
  const md5 = response.headers['x-md5']
  return md5 !== undefined && md5 !== createHash('md5').update(response.body).digest('hex') ? 'md5 mismatch' : undefined
}

function failed(hardware: Hardware, reason: string, bytes: number): string {
  hardware.emit({ type: 'download-failed', reason, bytes })
  return reason
}

function* say(hardware: Hardware, offer: Offer, topic: 'ota_status' | 'ota', message: string): Firmware {
  yield* tell(offer.gateway, `datagator/${topic}/${macOf(hardware.name)}`, JSON.stringify({ STATUS_MSG: message }))
}

function report(hardware: Hardware, offer: Offer, status: 'SUCCEEDED' | 'FAILED' | 'REJECTED', reason?: string): void {
  hardware.emit({ type: 'reported', update: offer.fileName, status, accepted: true, ...(reason === undefined ? {} : { reason }) })
}

/** What the Arduino client says of the chip. `x-ESP32-sketch-sha256` is missing: a fleet's images are not kept. */
function requestHeaders({ name, flash }: Hardware<GatorFlash>, config: DataGatorConfig): Record<string, string> {
  return {
    'user-agent': 'ESP32-http-Update',
    'cache-control': 'no-cache',
    'x-esp32-sta-mac': macOf(name),
    'x-esp32-ap-mac': accessPointMacOf(name),
    'x-esp32-free-space': String(config.slot),
    'x-esp32-sketch-size': String(flash.running.bytes),
    'x-esp32-chip-size': String(CHIP_BYTES),
    'x-esp32-sdk-version': SDK_VERSION,
    'x-esp32-mode': 'sketch',
  }
}
