import type { ImageRecord } from '../devices/firmware.ts'
import { nameOf } from './check-effect.ts'
import type { BaseFlash } from './define.ts'

/** Flash of a user's device: what the board reads of it at each boot can't be spoilt. `more` is what the module adds. */
export function pluginFlash(base: BaseFlash, more: object): BaseFlash {
  let { running } = base
  const flash: BaseFlash = Object.assign({}, structuredClone(more), base)
  return Object.defineProperty(flash, 'running', {
    enumerable: true,
    configurable: false,
    get: () => running,
    set(image: unknown) {
      if (!isImage(image)) throw new TypeError(`flash.running: expected { version, bytes, crc32 }, found ${nameOf(image)}`)
      running = image
    },
  })
}

function isImage(value: unknown): value is ImageRecord {
  const { version, bytes, crc32 } = (value ?? {}) as Partial<ImageRecord>
  return typeof version === 'string' && typeof bytes === 'number' && typeof crc32 === 'number'
}
