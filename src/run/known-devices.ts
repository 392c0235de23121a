import type { ImageRecord } from '../devices/firmware.ts'
import { vanish } from '../faults/vanish.ts'
import type { DeviceEvent } from '../ports/events.ts'
import type { ShardRange } from './plan.ts'
import type { KnownDevice } from './shard.ts'

interface Known extends KnownDevice {
  running?: ImageRecord
  pending?: ImageRecord
  boots: number
  busy: boolean
  gone: boolean
}

/** What events tell of each device's flash: enough to switch the devices of a lost worker on again on another one. */
export class KnownDevices {
  readonly #devices = new Map<number, Known>()
  readonly #struck = new Set<string>()

  observe(event: DeviceEvent): void {
    switch (event.type) {
      case 'booted':
        this.#of(event.device).boots = event.boots
        return
      case 'picked-up':
        this.#of(event.device).busy = true
        return
      case 'settled':
        this.#of(event.device).busy = false
        return
      case 'flashed':
        this.#of(event.device).pending = { version: event.version, bytes: event.bytes, crc32: event.crc32 }
        return
      case 'running':
        return runs(this.#of(event.device), event.version)
      case 'rolled-back':
        delete this.#of(event.device).pending
        return
      case 'bricked':
        this.#of(event.device).gone = true
        return
      case 'fault':
        this.#struck.add(`${event.device} ${event.fault}`)
        // Any other fault leaves a device that a power cut may bring back.
        if (event.name === vanish.name) this.#of(event.device).gone = true
        return
      case 'connected':
      case 'connect-failed':
      case 'disconnected':
      case 'phase':
      case 'downloaded':
      case 'download-failed':
      case 'reported':
      case 'finding':
        return
    }
  }

  /** By index; of devices that nothing is known of, nothing. */
  within(ranges: readonly ShardRange[]): ReadonlyMap<number, KnownDevice> {
    const devices = new Map<number, KnownDevice>()
    for (const { first, count } of ranges) {
      for (let device = first; device < first + count; device++) {
        const known = this.#devices.get(device)
        if (known) devices.set(device, known)
      }
    }
    return devices
  }

  /** Whether this fault has struck this device already. */
  isStruck(device: number, fault: number): boolean {
    return this.#struck.has(`${device} ${fault}`)
  }

  #of(index: number): Known {
    let device = this.#devices.get(index)
    if (!device) this.#devices.set(index, (device = { boots: 0, busy: false, gone: false }))
    return device
  }
}

/** What runs now was pending before, if the version is that of the pending image. */
function runs(device: Known, version: string): void {
  if (device.pending?.version === version) device.running = device.pending
  delete device.pending
}
