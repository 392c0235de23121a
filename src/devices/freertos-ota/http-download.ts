import { jobsTopic } from '../../protocol/topics.ts'
import type { HttpResponse } from '../../ports/http.ts'
import { fetch, type Firmware, type Hardware, receive, RequestFailed } from '../firmware.ts'
import type { FreertosOtaConfig } from './config.ts'
import { BLOCK_BYTES, type Download, type DownloadEnd } from './download.ts'

/** Blocks by ranged requests, one after the other. A URL that is refused has expired: a new job document brings another one. */
export function* httpDownload(hardware: Hardware, config: FreertosOtaConfig, download: Download): Firmware<DownloadEnd> {
  while (download.momentum < config.requestMomentum) {
    if (download.momentum > 0) download.retries++
    download.momentum++
    const until = hardware.now() + config.requestWait
    const index = download.next
    const response = yield* fetchBlock(config, download, index)
    if (response?.status === 403) return 'expired'
    if (response?.status === 206) {
      const ingested = yield* download.store(hardware, config, index, response.body)
      if (ingested === 'complete' || ingested === 'refused') return ingested
    }
    if (yield* isNotified(hardware, response?.status === 206 ? 0 : until - hardware.now())) return 'notified'
  }
  return 'momentum'
}

function* fetchBlock({ requestWait }: FreertosOtaConfig, { file, remaining }: Download, index: number): Firmware<HttpResponse | undefined> {
  const from = index * BLOCK_BYTES
  const to = remaining === 1 ? file.sizeBytes - 1 : from + BLOCK_BYTES - 1
  try {
    return yield* fetch(file.url!, { range: `bytes=${from}-${to}` }, requestWait)
  } catch (error) {
    if (error instanceof RequestFailed) return undefined
    throw error
  }
}

/** Listens for `ms`: whether another job comes first now. */
function* isNotified(hardware: Hardware, ms: number): Firmware<boolean> {
  const until = hardware.now() + Math.max(0, ms)
  const notice = jobsTopic(hardware.name, 'notify-next')
  for (;;) {
    const message = yield* receive(until - hardware.now())
    if (!message) return false
    if (message.topic === notice) return true
  }
}
