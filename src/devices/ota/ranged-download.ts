import { type Firmware, fetch, type Hardware, RequestFailed } from '../firmware.ts'
import { ImageWriter } from './image-writer.ts'

export interface DownloadOptions {
  readonly url: string
  readonly fragmentBytes: number
  readonly timeoutMs: number
  /** Lost connections that the whole download survives. */
  readonly retries: number
  /** Whether a request without an answer counts among them, too; the job fails of it otherwise. */
  readonly retryTimeouts?: boolean
  /** Refuses an image by its first bytes or its size; a word for the report, or undefined. */
  readonly refuse: (head: Uint8Array, totalBytes: number) => string | undefined
  /** Where the progress is kept over a restart; not at all when left out. */
  readonly memory?: { progress: DownloadProgress | undefined } | undefined
}

/** How far the download of one URL came. */
export interface DownloadProgress {
  readonly url: string
  readonly total: number
  readonly bytes: number
  readonly crc32: number
  readonly head: Uint8Array
}

export type DownloadResult = { readonly image: ImageWriter; readonly retries: number } | { readonly failed: string; readonly bytes: number }

/** What a socket error is: the connection was reset, or closed by the peer. */
const SOCKET_ERRORS = ['reset', 'closed']

/**
 * nRF `download_client`: a ranged GET for each fragment, which must be answered with 206 and a Content-Range that tells the size.
 * Emits `downloaded` or `download-failed`.
 */
export function* rangedDownload(hardware: Hardware, options: DownloadOptions): Firmware<DownloadResult> {
  const startedAt = hardware.now()
  const { url, memory } = options
  const known = memory?.progress?.url === url ? memory.progress : undefined
  const image = known ? ImageWriter.resume(known) : new ImageWriter()
  let retries = 0
  const fail = (reason: string): DownloadResult => {
    if (memory) memory.progress = undefined
    hardware.emit({ type: 'download-failed', reason, bytes: image.bytes })
    return { failed: reason, bytes: image.bytes }
  }
  for (let total = known?.total ?? Infinity; image.bytes < total;) {
    const end = Math.min(image.bytes + options.fragmentBytes, total) - 1
    let response
    try {
      response = yield* fetch(url, { range: `bytes=${image.bytes}-${end}` }, options.timeoutMs)
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error
      const mayRetry = options.retryTimeouts === true || SOCKET_ERRORS.includes(error.reason)
      if (!mayRetry || retries === options.retries) return fail(error.reason)
      retries++
      continue
    }
    if (response.status !== 206) return fail(`http ${response.status}`)
    const size = totalOf(response.headers['content-range'])
    if (size === undefined) return fail('no content-range')
    if (response.body.length === 0) return fail('empty fragment')
    total = size
    image.write(response.body)
    const refusal = options.refuse(image.head, total)
    if (refusal) return fail(refusal)
    if (memory) memory.progress = { url, total, bytes: image.bytes, crc32: image.crc32, head: image.head }
  }
  if (memory) memory.progress = undefined
  hardware.emit({ type: 'downloaded', bytes: image.bytes, ms: hardware.now() - startedAt, retries })
  return { image, retries }
}

function totalOf(contentRange: string | undefined): number | undefined {
  const slash = contentRange?.lastIndexOf('/') ?? -1
  const total = slash < 0 ? NaN : Number(contentRange!.slice(slash + 1))
  return Number.isInteger(total) ? total : undefined
}
