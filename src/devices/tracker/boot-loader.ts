import { type Firmware, type Hardware, phase, reboot, sleep } from '../firmware.ts'
import type { TrackerConfig } from './config.ts'
import type { TrackerFlash } from './flash.ts'

/** Boots of an image that never comes up before the report calls the device dead. */
const BOOTS_UNTIL_BRICKED = 3

/**
 * MCUboot, then the start of the application: a pending image is swapped in for one test boot; it stays when the application confirms it,
 * which it does before it connects. Otherwise the next reset brings the old one back.
 */
export function* bootLoader(hardware: Hardware<TrackerFlash>, config: TrackerConfig): Firmware {
  const { flash } = hardware
  const pending = flash.pending
  if (!pending) return
  const from = pending.version
  const to = flash.running.version
  const crash = hardware.refusal('boot')
  // The signature check fails, so that the new image never runs; or its test boot ended, as by a power cut, before it confirmed.
  if (!hardware.isGenuine(pending) || (flash.testing && !crash)) {
    flash.testing = false
    flash.pending = undefined
    hardware.emit({ type: 'rolled-back', from, to })
    return
  }
  flash.testing = true
  yield* phase('self-test')
  if (crash) {
    flash.failedBoots++
    if (flash.failedBoots < BOOTS_UNTIL_BRICKED) yield* reboot(config.reboot)
    hardware.emit({ type: 'bricked', reason: crash })
    hardware.emit({ type: 'settled' })
    yield* sleep(Infinity)
  }
  // It crashes before it confirms; MCUboot reverts at the reset that follows.
  if (hardware.refusal('self-test')) yield* reboot(config.reboot)
  flash.running = pending
  flash.pending = undefined
  flash.testing = false
}
