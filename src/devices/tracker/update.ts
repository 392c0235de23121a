import { type Firmware, type Hardware, phase, sleep } from '../firmware.ts'
import { crcText } from '../ota/image-writer.ts'
import { rangedDownload } from '../ota/ranged-download.ts'
import type { TrackerConfig } from './config.ts'
import type { TrackerFlash } from './flash.ts'
import { nextVersion, type TrackerJob } from './job.ts'
import { type Report, updateJob } from './report.ts'

/** MCUboot's image header, little-endian: the downloader looks for it in the first fragment. */
const MCUBOOT_MAGIC = 0x96f3b83d
const MAGIC_BYTES = 4

/** Takes a job from its document to an image that is set to boot, or to the reason why not. The report is still to be sent; there is none when the cloud refused the start. */
export function* runUpdate(hardware: Hardware<TrackerFlash>, config: TrackerConfig, offered: TrackerJob): Firmware<Report | undefined> {
  hardware.flash.busy = true
  const sinceMs = offered.queuedAt === undefined ? hardware.now() : offered.queuedAt * 1000
  hardware.emit({ type: 'picked-up', update: offered.jobId, ms: Math.max(0, hardware.now() - sinceMs) })
  yield* phase('pickup')
  const refusal = hardware.refusal('admission')
  if (refusal) return { job: offered, status: 'REJECTED', reason: refusal }
  if (offered.url === undefined) return { job: offered, status: 'FAILED', reason: 'bad location' }

  if (!(yield* updateJob(hardware, offered, 'IN_PROGRESS'))) return undefined
  const job = nextVersion(offered)

  yield* phase('download')
  const download = yield* rangedDownload(hardware, {
    url: offered.url,
    fragmentBytes: config.fragment,
    timeoutMs: config.receiveTimeout,
    retries: config.socketRetries,
    refuse: (head, totalBytes) => refuseImage(head, totalBytes, config.slot),
  })
  // Notifications that came meanwhile are dropped, a cancel among them.
  hardware.discardMessages()
  if ('failed' in download) return { job, status: 'FAILED', reason: download.failed }

  yield* phase('install')
  yield* sleep(config.install)
  const { image } = download
  if (config.integrity === 'crc32' && job.crc32 !== undefined && crcText(image.crc32) !== job.crc32)
    return { job, status: 'FAILED', reason: 'crc32 mismatch' }
  const fault = hardware.refusal('install')
  if (fault) return { job, status: 'FAILED', reason: fault }
  const { bytes } = image
  hardware.flash.pending = { version: job.fwversion, bytes, crc32: image.crc32 }
  hardware.emit({ type: 'flashed', version: job.fwversion, bytes, crc32: image.crc32 })
  return { job, status: 'SUCCEEDED' }
}

function refuseImage(head: Uint8Array, totalBytes: number, slotBytes: number): string | undefined {
  if (totalBytes > slotBytes) return 'image too large'
  if (totalBytes < MAGIC_BYTES) return 'no mcuboot header'
  if (head.length < MAGIC_BYTES) return undefined
  return new DataView(head.buffer, head.byteOffset).getUint32(0, true) === MCUBOOT_MAGIC ? undefined : 'no mcuboot header'
}
