import type { ImageRecord } from '../firmware.ts'

/** What survives a reboot. `pending` is the image set to boot next; `busy` says that an update was picked up and has not come to its end. */
export interface FreertosOtaFlash {
  running: ImageRecord
  pending: ImageRecord | undefined
  busy: boolean
  /** Boots in a row that did not come up. */
  failedBoots: number
  /** The pending image runs and has not committed itself: the platform state PendingCommit. */
  testing: boolean
}

export const freertosOtaFlash = (running: ImageRecord): FreertosOtaFlash => ({
  running,
  pending: undefined,
  busy: false,
  failedBoots: 0,
  testing: false,
})

/** The version that runs now, committed or not. */
export function runningVersion({ running, pending, testing }: FreertosOtaFlash): string {
  return testing ? pending!.version : running.version
}
