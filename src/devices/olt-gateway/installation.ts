import type { HttpResponse } from '../../ports/http.ts'
import { type Firmware, fetch, type Hardware, phase, RequestFailed, send, sleep, tell } from '../firmware.ts'
import { ImageWriter } from '../ota/image-writer.ts'
import type { GatewayConfig } from './config.ts'
import { PUSH, type Push } from './field-protocol.ts'
import type { OltGatewayFlash, OpenInstallation } from './flash.ts'
import type { Instruction } from './instruction.ts'
import { mismatch } from './multihash.ts'

const REQUEST_TIMEOUT_MS = 10_000
const REPORT_AGAIN_MS = 5_000
/** Of `rejectReason` in the API. */
const MAX_REASON = 255

/** Reports the start, gets the binary, checks it and pushes it; what fails on the way is reported as rejected. */
export function* begin(hardware: Hardware<OltGatewayFlash>, config: GatewayConfig, installation: OpenInstallation): Firmware {
  const { instruction } = installation
  // Whoever is refused here has nothing to install: the firmware or the installation is gone.
  if (!(yield* report(config, instruction, { startedAt: iso(hardware) }))) return remove(hardware.flash, installation)
  const bytes = yield* binaryOf(hardware, config, instruction)
  if (typeof bytes === 'string') return yield* giveUp(hardware, config, installation, bytes)
  hardware.flash.files.set(instruction.installationId, bytes)
  yield* push(hardware, config, installation)
}

/** Tells the device to take what lies ready for it. */
export function* push(hardware: Hardware<OltGatewayFlash>, config: GatewayConfig, installation: OpenInstallation): Firmware {
  const { deviceId, installationId, slot, version, requestedAt, firmwareId } = installation.instruction
  const image = new ImageWriter()
  image.write(hardware.flash.files.get(installationId)!)
  installation.pushes += 1
  installation.deadline = hardware.now() + config.deviceTimeout
  const message: Push = { installationId, update: firmwareId, slot, version, requestedAt, bytes: image.bytes, crc32: image.crc32 }
  yield* tell(deviceId, PUSH, JSON.stringify(message))
}

/** Reports how an installation ended, and is done with it whether the platform heard that or not. Returns whether it did. */
export function* conclude(
  hardware: Hardware<OltGatewayFlash>,
  config: GatewayConfig,
  installation: OpenInstallation,
  error: string | undefined,
): Firmware<boolean> {
  const { instruction } = installation
  remove(hardware.flash, installation)
  const end = error === undefined ? { completedAt: iso(hardware) } : { rejectedAt: iso(hardware), rejectReason: error.slice(0, MAX_REASON) }
  return yield* report(config, instruction, end)
}

/** Rejects an installation for a reason of the gateway's own. */
export function* giveUp(hardware: Hardware<OltGatewayFlash>, config: GatewayConfig, installation: OpenInstallation, reason: string): Firmware {
  const accepted = yield* conclude(hardware, config, installation, reason)
  hardware.emit({ type: 'reported', update: installation.instruction.firmwareId, status: 'REJECTED', accepted, reason })
}

/** PATCH of the installation, again when nobody answers. Whether the platform took it. */
function* report(config: GatewayConfig, { installationUrl, token }: Instruction, step: object): Firmware<boolean> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  for (let attempt = 1; ; attempt++) {
    const response = yield* answered({ method: 'PATCH', url: installationUrl, headers, body: JSON.stringify(step) }, REQUEST_TIMEOUT_MS)
    if (typeof response !== 'string' && response.status < 500) return response.status === 200
    if (attempt >= config.reportAttempts) return false
    yield* sleep(REPORT_AGAIN_MS)
  }
}

/** The bytes to push, or why there are none. A gateway fetches the same firmware once for all of its devices. */
function* binaryOf(hardware: Hardware<OltGatewayFlash>, config: GatewayConfig, instruction: Instruction): Firmware<Uint8Array | string> {
  const { flash } = hardware
  if (flash.blob?.firmwareId === instruction.firmwareId) return flash.blob.bytes
  yield* phase('download')
  const startedAt = hardware.now()
  const bytes = yield* download(config, instruction)
  if (typeof bytes === 'string') {
    hardware.emit({ type: 'download-failed', reason: bytes, bytes: 0 })
    return bytes
  }
  hardware.emit({ type: 'downloaded', bytes: bytes.length, ms: hardware.now() - startedAt, retries: 0 })
  const problem = config.verify === 'multihash' ? mismatch(bytes, instruction.hashes) : undefined
  if (problem) return problem
  flash.blob = { firmwareId: instruction.firmwareId, bytes }
  return bytes
}

/** The platform redirects to where the bytes are; the token does not go there. */
function* download({ downloadTimeout }: GatewayConfig, { downloadUrl, token }: Instruction): Firmware<Uint8Array | string> {
  const redirect = yield* answered({ method: 'GET', url: downloadUrl, headers: { authorization: `Bearer ${token}` } }, REQUEST_TIMEOUT_MS)
  if (typeof redirect === 'string') return redirect
  const { location } = redirect.headers
  if (redirect.status !== 302 || location === undefined) return `http ${redirect.status}`
  try {
    const { status, body } = yield* fetch(location, {}, downloadTimeout)
    return status === 200 ? body : `http ${status}`
  } catch (error) {
    if (error instanceof RequestFailed) return error.reason
    throw error
  }
}

/** The answer, or why there is none. */
function* answered(request: Parameters<typeof send>[0], timeoutMs: number): Firmware<HttpResponse | string> {
  try {
    return yield* send(request, timeoutMs)
  } catch (error) {
    if (error instanceof RequestFailed) return error.reason
    throw error
  }
}

function remove({ open, files }: OltGatewayFlash, installation: OpenInstallation): void {
  open.splice(open.indexOf(installation), 1)
  files.delete(installation.instruction.installationId)
}

function iso(hardware: Hardware): string {
  return new Date(hardware.now()).toISOString()
}
