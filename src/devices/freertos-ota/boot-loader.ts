import { type Firmware, type Hardware, phase, reboot, sleep } from '../firmware.ts'
import type { FreertosOtaConfig } from './config.ts'
import type { FreertosOtaFlash } from './flash.ts'

/** Boots of an image that never comes up before the report calls the device dead. */
const BOOTS_UNTIL_BRICKED = 3

/** A pending image gets one boot; unless it commits itself, the next reset brings the old one back. The agent has verified it, so nobody does again. */
export function* bootLoader(hardware: Hardware<FreertosOtaFlash>, config: FreertosOtaConfig): Firmware {
  const { flash } = hardware
  const { pending } = flash
  if (!pending) return
  const crash = hardware.refusal('boot')
  if (flash.testing && !crash) return rollBack(hardware)
  flash.testing = true
  yield* phase('self-test')
  if (!crash) return
  flash.failedBoots++
  if (flash.failedBoots < BOOTS_UNTIL_BRICKED) yield* reboot(config.reboot)
  hardware.emit({ type: 'bricked', reason: crash })
  hardware.emit({ type: 'settled' })
  yield* sleep(Infinity)
}

function rollBack(hardware: Hardware<FreertosOtaFlash>): void {
  const { flash } = hardware
  hardware.emit({ type: 'rolled-back', from: flash.pending!.version, to: flash.running.version })
  flash.pending = undefined
  flash.testing = false
}
