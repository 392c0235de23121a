import { type Firmware, type Hardware, phase, reboot, sleep } from '../firmware.ts'
import { imageRecord } from '../ota/image-record.ts'
import { crcText } from '../ota/image-writer.ts'
import { rangedDownload } from '../ota/ranged-download.ts'
import type { TrackerConfig } from './config.ts'
import type { TrackerFlash } from './flash.ts'
import { nextVersion, type TrackerJob } from './job.ts'
import { type Report, updateJob } from './report.ts'
import { startJob } from './start.ts'

/** MCUboot's image header 0x96f3b83d, little-endian: the downloader looks for it in the first fragment. */
const MCUBOOT_MAGIC = [0x3d, 0xb8, 0xf3, 0x96]

/**
 * Takes a job from its document to an image that is set to boot, or to the reason why not. The report is still to be sent; there is none when
 * the cloud refused the start, nor when the download never begins.
 */
export function* runUpdate(hardware: Hardware<TrackerFlash>, config: TrackerConfig, offered: TrackerJob): Firmware<Report | undefined> {
  hardware.flash.busy = true
  const sinceMs = offered.queuedAt === undefined ? hardware.now() : offered.queuedAt * 1000
  hardware.emit({ type: 'picked-up', update: offered.jobId, ms: Math.max(0, hardware.now() - sinceMs) })
  yield* phase('pickup')
  const refusal = hardware.refusal('admission')
  if (refusal) return { job: offered, status: 'REJECTED', reason: refusal }
  const location = refuseLocation(offered.url, config)
  if (location) return { job: offered, status: 'FAILED', reason: location }

  if (!(yield* startJob(hardware, config, offered))) return undefined
  let job = nextVersion(offered)
  if (hardware.refusal('update')) yield* reboot(config.reboot)
  if (hardware.refusal('download')) return undefined
  const obstacle = hardware.refusal('start') ?? refuseScheme(offered.url!, config)
  if (obstacle) return { job, status: 'FAILED', reason: obstacle }

  yield* phase('download')
  const download = yield* rangedDownload(hardware, {
    url: offered.url!,
    fragmentBytes: config.fragment,
    timeoutMs: config.receiveTimeout,
    retries: config.socketRetries,
    retryTimeouts: config.library === '2019',
    refuse: (head, totalBytes) => refuseImage(head, totalBytes, config.slot),
    memory: config.saveProgress ? hardware.flash : undefined,
  })
  // Notifications that came meanwhile are dropped, a cancel among them.
  hardware.discardMessages()
  if ('failed' in download) return { job, status: 'FAILED', reason: download.failed }
  if (config.library === '2019') {
    if (!(yield* updateJob(hardware, job, 'IN_PROGRESS'))) return undefined
    job = nextVersion(job)
  }

  yield* phase('install')
  yield* sleep(config.install)
  const { image } = download
  if (config.integrity === 'crc32' && job.crc32 !== undefined && crcText(image.crc32) !== job.crc32)
    return { job, status: 'FAILED', reason: 'crc32 mismatch' }
  const fault = hardware.refusal('install')
  if (fault) return { job, status: 'FAILED', reason: fault }
  const { bytes } = image
  hardware.flash.pending = imageRecord(job.fwversion, bytes, image.crc32)
  hardware.emit({ type: 'flashed', version: job.fwversion, bytes, crc32: image.crc32 })
  return { job, status: 'SUCCEEDED' }
}

/** Buffers of the library; the path counts without its first slash, and with its query. */
function refuseLocation(url: string | undefined, { hostLimit, fileLimit }: TrackerConfig): string | undefined {
  if (url === undefined) return 'bad location'
  const hostAt = url.indexOf('://') + 3
  const pathAt = url.indexOf('/', hostAt)
  if (hostAt < 3 || pathAt < 0) return 'bad location'
  if (pathAt - hostAt > hostLimit) return 'host too long'
  return url.length - pathAt - 1 > fileLimit ? 'path too long' : undefined
}

function refuseScheme(url: string, { tlsTag }: TrackerConfig): string | undefined {
  return !tlsTag && url.startsWith('https:') ? 'no tls tag' : undefined
}

function refuseImage(head: Uint8Array, totalBytes: number, slotBytes: number): string | undefined {
  if (totalBytes > slotBytes) return 'image too large'
  if (totalBytes < MCUBOOT_MAGIC.length) return 'no mcuboot header'
  if (head.length < MCUBOOT_MAGIC.length) return undefined
  return MCUBOOT_MAGIC.every((byte, i) => head[i] === byte) ? undefined : 'no mcuboot header'
}
