import { type Firmware, type Hardware, NEXT_MESSAGE, phase, reboot, sleep, tell } from '../firmware.ts'
import type { Message } from '../firmware.ts'
import type { OltGatewayConfig } from './config.ts'
import { HELLO, type Hello, PUSH, type Push, read, RESULT, type Result } from './field-protocol.ts'
import type { FieldFlash, Pending } from './flash.ts'
import { takeBinary } from './take-binary.ts'

/** Boots of a binary that never comes up before the report calls the device dead. */
const BOOTS_UNTIL_BRICKED = 3
/** What takes a restart; any other slot is used as soon as it is written. */
const RESTARTING = ['firmware', 'bootloader']

/** A device behind an OLT gateway: it knows nothing of the platform, takes what its gateway pushes and says how that went. */
export const fieldDevice = (config: OltGatewayConfig, gateway: string) =>
  function* (hardware: Hardware<FieldFlash>): Firmware {
    const { flash } = hardware
    const { pending } = flash
    const error = yield* activate(hardware, config)
    hardware.joinLan()
    yield* phase('connect')
    if (pending) yield* finish(hardware, gateway, pending, error)
    yield* tell(gateway, HELLO, JSON.stringify(helloOf(hardware)))
    hardware.emit({ type: 'running', version: flash.running.version })
    for (;;) {
      const { topic, payload }: Message = yield NEXT_MESSAGE
      const push = topic === PUSH ? read<Push>(payload) : undefined
      if (push) yield* takePush(hardware, config, gateway, push)
    }
  }

/** A push that ends here is reported here; one that takes a restart, after it. */
function* takePush(hardware: Hardware<FieldFlash>, config: OltGatewayConfig, gateway: string, push: Push): Firmware {
  const { flash } = hardware
  const { slot, installationId, update } = push
  const image = yield* takeBinary(hardware, config, gateway, push)
  if (typeof image === 'string') return yield* finish(hardware, gateway, push, image)
  hardware.emit({ type: 'flashed', ...image })
  if (RESTARTING.includes(slot)) {
    flash.pending = { slot, image, installationId, update }
    yield* phase('reboot')
    yield* reboot(config.reboot)
  }
  put(flash, slot, image)
  yield* finish(hardware, gateway, push, undefined)
}

/** Starts what was written last. Returns why the old one is back, where it is. */
function* activate(hardware: Hardware<FieldFlash>, config: OltGatewayConfig): Firmware<string | undefined> {
  const { flash } = hardware
  if (!flash.pending) return undefined
  const { slot, image } = flash.pending
  yield* phase('self-test')
  const crash = hardware.refusal('boot')
  if (crash) {
    flash.failedBoots++
    if (flash.failedBoots < BOOTS_UNTIL_BRICKED) yield* reboot(config.reboot)
    hardware.emit({ type: 'bricked', reason: crash })
    hardware.emit({ type: 'settled' })
    yield* sleep(Infinity)
  }
  flash.pending = undefined
  const failure = hardware.refusal('self-test')
  if (failure) hardware.emit({ type: 'rolled-back', from: image.version, to: flash.running.version })
  else put(flash, slot, image)
  return failure
}

function put(flash: FieldFlash, slot: string, image: Pending['image']): void {
  if (slot === 'firmware') flash.running = image
  else (flash.slots ??= {})[slot] = image
}

function* finish(
  hardware: Hardware<FieldFlash>,
  gateway: string,
  { installationId, update }: Pick<Pending, 'installationId' | 'update'>,
  error: string | undefined,
): Firmware {
  if (installationId !== undefined && update !== undefined) {
    const result: Result = { device: hardware.name, installationId, ...(error !== undefined && { error }) }
    yield* tell(gateway, RESULT, JSON.stringify(result))
    if (error === undefined) hardware.emit({ type: 'reported', update, status: 'SUCCEEDED', accepted: true })
    else hardware.emit({ type: 'reported', update, status: 'REJECTED', accepted: true, reason: error })
  }
  hardware.emit({ type: 'settled' })
}

function helloOf({ name, flash }: Hardware<FieldFlash>): Hello {
  const others = Object.entries(flash.slots ?? {}).map(([slot, { version }]) => [slot, version])
  return { device: name, versions: { firmware: flash.running.version, ...Object.fromEntries(others) } }
}
