import type { ImageRecord } from '../firmware.ts'

export interface GatorFlash {
  running: ImageRecord
  pending: ImageRecord | undefined
  /** Wakes since the last look at the gateway's version: kept over deep sleep and restarts. */
  wakes: number
  /** An update was picked up and has not come to its end. */
  busy: boolean
  failedBoots: number
}

export const gatorFlash = (running: ImageRecord): GatorFlash => ({ running, pending: undefined, wakes: -1, busy: false, failedBoots: 0 })
