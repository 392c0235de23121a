import type { ImageRecord } from '../firmware.ts'
import type { ImageWriter } from '../ota/image-writer.ts'

/** What survives a reboot. `pending` is installed and not yet started; `busy` says that a job was picked up and has not come to its end. */
export interface UpparatFlash {
  running: ImageRecord
  pending: ImageRecord | undefined
  busy: boolean
  /** Boots in a row in which the pending image did not come up. */
  failedBoots: number
  /** The download directory: whole and partial files by the id of their job. */
  readonly files: Map<string, ImageWriter>
}

export const upparatFlash = (running: ImageRecord): UpparatFlash => ({ running, pending: undefined, busy: false, failedBoots: 0, files: new Map() })
