import type { ImageRecord } from '../firmware.ts'
import type { DownloadProgress } from '../ota/ranged-download.ts'

/** What survives a reboot. `pending` is the image set to boot next; `busy` says that an update was picked up and has not come to its end. */
export interface TrackerFlash {
  running: ImageRecord
  pending: ImageRecord | undefined
  busy: boolean
  /** Boots in a row that did not come up. */
  failedBoots: number
  /** The pending image was swapped in and has not confirmed itself. */
  testing: boolean
  /** Of the download under way, with `saveProgress`. */
  progress: DownloadProgress | undefined
}

export const trackerFlash = (running: ImageRecord): TrackerFlash => ({
  running,
  pending: undefined,
  busy: false,
  failedBoots: 0,
  testing: false,
  progress: undefined,
})
