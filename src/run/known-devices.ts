import type { ImageRecord } from '../devices/firmware.ts'
import type { DeviceEvent } from '../ports/events.ts'
import type { KnownDevice } from './shard.ts'

/** What events tell of each device's flash: enough to switch the devices of a lost worker on again on another one. */
export class KnownDevices {
  readonly #devices = new Map<number, { running?: ImageRecord; pending?: ImageRecord; boots: number }>()
  readonly #struck = new Set<string>()

  observe(event: DeviceEvent): void {
    if (event.type === 'fault') this.#struck.add(`${event.device} ${event.fault}`)
    if (event.type !== 'booted' && event.type !== 'flashed' && event.type !== 'running' && event.type !== 'rolled-back') return
    let device = this.#devices.get(event.device)
    if (!device) this.#devices.set(event.device, (device = { boots: 0 }))
    switch (event.type) {
      case 'booted':
        device.boots = event.boots
        break
      case 'flashed':
        device.pending = { version: event.version, bytes: event.bytes, crc32: event.crc32 }
        break
      case 'running':
        // What runs now was pending before, if the version is that of the pending image.
        if (device.pending?.version === event.version) device.running = device.pending
        delete device.pending
        break
      case 'rolled-back':
        delete device.pending
        break
    }
  }

  get devices(): ReadonlyMap<number, KnownDevice> {
    return this.#devices
  }

  /** Whether this fault has struck this device already. */
  isStruck(device: number, fault: number): boolean {
    return this.#struck.has(`${device} ${fault}`)
  }
}
