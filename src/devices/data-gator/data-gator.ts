import { type Firmware, fetch, type Hardware, phase, reboot, RequestFailed, sleep, tell } from '../firmware.ts'
import type { DataGatorConfig } from './config.ts'
import type { GatorFlash } from './flash.ts'
import { accessPointMacOf, macOf } from './mac.ts'
import { type Offer, takeUpdate } from './update.ts'

/** Arduino HTTPClient. */
const REQUEST_TIMEOUT_MS = 8_000
/** Wakes between two telemetry messages. */
const TELEMETRY_PERIOD = 5
const RSSI_DBM = -61
/** Boots of an image that never comes up before the report calls the device dead. */
const BOOTS_UNTIL_BRICKED = 3

/**
 * Data Gator behind a SCARECRO gateway: wakes, measures, sleeps; once in `otaPeriod` wakes it compares the version on its gateway with its own
 * and takes whatever differs. No self-test and no way back: telemetry after the restart is the only proof.
 */
export const dataGator = (config: DataGatorConfig, gateway: string) =>
  function* (hardware: Hardware<GatorFlash>): Firmware {
    const { flash } = hardware
    const isNew = yield* activate(hardware, config)
    // A fleet that was switched on over weeks looks at different times.
    if (flash.wakes < 0) flash.wakes = Math.floor(hardware.random() * config.otaPeriod)
    yield* phase('connect')
    yield* showVersion(hardware, config, gateway)
    hardware.emit({ type: 'running', version: flash.running.version })
    // A restart in the middle of an update ends nothing: the next look takes it up again.
    if (isNew) settle(hardware)
    for (let wakes = 1; ; wakes++) {
      yield* sleep(config.tick)
      if (wakes % TELEMETRY_PERIOD === 0) yield* showVersion(hardware, config, gateway)
      if (++flash.wakes < config.otaPeriod) continue
      flash.wakes = 0
      const offer = yield* look(hardware, config, gateway)
      if (offer) yield* takeUpdate(hardware, config, offer)
    }
  }

/** The boot loader starts what was written last; there is no going back. Returns whether that was new. */
function* activate(hardware: Hardware<GatorFlash>, config: DataGatorConfig): Firmware<boolean> {
  const { flash } = hardware
  if (!flash.pending) return false
  yield* phase('self-test')
  const crash = hardware.refusal('boot')
  if (crash) {
    flash.failedBoots++
    if (flash.failedBoots < BOOTS_UNTIL_BRICKED) yield* reboot(config.reboot)
    hardware.emit({ type: 'bricked', reason: crash })
    hardware.emit({ type: 'settled' })
    yield* sleep(Infinity)
  }
  flash.running = flash.pending
  flash.pending = undefined
  return true
}

function settle(hardware: Hardware<GatorFlash>): void {
  hardware.flash.busy = false
  hardware.emit({ type: 'settled' })
}

function* showVersion({ name, flash }: Hardware<GatorFlash>, config: DataGatorConfig, gateway: string): Firmware {
  const head = { MAC: macOf(name), FIRMWARE_VERSION: `V${flash.running.version}` }
  // −1: no gauge is fitted.
  const battery = { BATT_VOLTAGE: -1, BATT_PERCENTAGE: -1 }
  const telemetry = config.telemetry === 'full' ? { ...head, RSSI: RSSI_DBM, BSSID: accessPointMacOf(gateway), ...battery } : { ...head, ...battery }
  yield* tell(gateway, `datagator/tlm/${macOf(name)}`, JSON.stringify(telemetry))
}

/** Asks the gateway for its current version. Undefined when it doesn't answer or has the version that runs already. */
function* look(hardware: Hardware<GatorFlash>, config: DataGatorConfig, gateway: string): Firmware<Offer | undefined> {
  let response
  try {
    response = yield* fetch(`http://${gateway}.lan/current_version.txt`, {}, REQUEST_TIMEOUT_MS)
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error
    return undefined
  }
  if (response.status !== 200) return undefined
  const fileName = Buffer.from(response.body).toString()
  const version = versionIn(fileName)
  // The firmware throws where it finds no digit, and the chip restarts.
  if (version === undefined) yield* reboot(config.reboot)
  const own = hardware.flash.running.version
  const status = { STATUS_MSG: 'version', SERVER_FW_VERSION: `v${version}`, DEVICE_FW_VERSION: `v${own}` }
  yield* tell(gateway, `datagator/ota_status/${macOf(hardware.name)}`, JSON.stringify(status))
  if (version !== own) return { gateway, fileName, version: version! }
  // The gateway has gone back to what runs here: an update that failed is not to be had any more.
  if (hardware.flash.busy) settle(hardware)
  return undefined
}

/** Digits at fixed places from the end, as in `app-v1.0.1.bin`; a newline at the end shifts them all. */
function versionIn(fileName: string): string | undefined {
  if (fileName.length < 10) return undefined
  const digits = [9, 7, 5].map((fromEnd) => fileName[fileName.length - fromEnd]!)
  return digits.every((digit) => digit >= '0' && digit <= '9') ? digits.join('.') : undefined
}
