import { type Firmware, fetch, type Hardware, RequestFailed } from '../firmware.ts'
import { ImageWriter } from './image-writer.ts'

export interface DownloadOptions {
  readonly url: string
  readonly fragmentBytes: number
  readonly timeoutMs: number
  /** Lost connections that the whole download survives. A timeout is never retried. */
  readonly retries: number
  /** Refuses an image by its first bytes or its size; a word for the report, or undefined. */
  readonly refuse: (head: Uint8Array, totalBytes: number) => string | undefined
}

export type DownloadResult = { readonly image: ImageWriter; readonly retries: number } | { readonly failed: string; readonly bytes: number }

/**
 * nRF `download_client`: a ranged GET for each fragment, which must be answered with 206 and a Content-Range that tells the size.
 * Emits `downloaded` or `download-failed`.
 */
export function* rangedDownload(hardware: Hardware, options: DownloadOptions): Firmware<DownloadResult> {
  const startedAt = hardware.now()
  const image = new ImageWriter()
  let retries = 0
  const fail = (reason: string): DownloadResult => {
    hardware.emit({ type: 'download-failed', reason, bytes: image.bytes })
    return { failed: reason, bytes: image.bytes }
  }
  for (let total = Infinity; image.bytes < total;) {
    const end = Math.min(image.bytes + options.fragmentBytes, total) - 1
    let response
    try {
      response = yield* fetch(options.url, { range: `bytes=${image.bytes}-${end}` }, options.timeoutMs)
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error
      const mayRetry = error.reason !== 'timeout' && error.reason !== 'offline'
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
  }
  hardware.emit({ type: 'downloaded', bytes: image.bytes, ms: hardware.now() - startedAt, retries })
  return { image, retries }
}

function totalOf(contentRange: string | undefined): number | undefined {
  const slash = contentRange?.lastIndexOf('/') ?? -1
  const total = slash < 0 ? NaN : Number(contentRange!.slice(slash + 1))
  return Number.isInteger(total) ? total : undefined
}
