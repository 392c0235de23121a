import { decode, encode } from 'cborg'
import type { Payload } from '../../ports/mqtt.ts'
import { jobsTopic, streamsTopic } from '../../protocol/topics.ts'
import { type Firmware, type Hardware, publish, receive, subscribe } from '../firmware.ts'
import { isRecord } from '../ota/messages.ts'
import type { FreertosOtaConfig } from './config.ts'
import { BLOCK_BYTES, type Download, type DownloadEnd } from './download.ts'

/** Without a sorter, cborg would put the members in canonical order. */
const IN_ORDER = { mapSorter: () => 0 }

/**
 * Blocks over an MQTT stream: asks for what the bitmap wants, so many blocks at a time, and again when nothing came for the request wait. What comes
 * damaged is found at the end only.
 */
export function* streamDownload(hardware: Hardware, config: FreertosOtaConfig, download: Download): Firmware<DownloadEnd> {
  const { name } = hardware
  const stream = download.file.streamName!
  const data = streamsTopic(name, stream, 'data/cbor')
  const notice = jobsTopic(name, 'notify-next')
  yield* subscribe({ filter: data, qos: 0 })
  while (download.momentum < config.requestMomentum) {
    if (download.momentum > 0) download.retries++
    download.momentum++
    yield* publish(streamsTopic(name, stream, 'get/cbor'), request(config, download), 0)
    let until = hardware.now() + config.requestWait
    for (let wanted = config.blocksPerRequest; wanted > 0;) {
      const message = yield* receive(until - hardware.now())
      if (!message) break
      if (message.topic === notice) return 'notified'
      if (message.topic !== data) continue
      until = hardware.now() + config.requestWait
      wanted--
      const block = blockOf(message.payload)
      const ingested = block ? yield* download.ingest(hardware, config, block.index, block.bytes) : 'refused'
      if (ingested === 'complete' || ingested === 'refused') return ingested
    }
  }
  return 'momentum'
}

function request({ blocksPerRequest }: FreertosOtaConfig, { file, bitmap }: Download): Uint8Array {
  return encode({ c: 'rdy', f: file.fileId, l: BLOCK_BYTES, o: 0, b: bitmap, n: blocksPerRequest }, IN_ORDER)
}

function blockOf(payload: Payload): { index: number; bytes: Uint8Array } | undefined {
  if (typeof payload === 'string') return undefined
  try {
    const block: unknown = decode(payload)
    if (!isRecord(block) || typeof block['i'] !== 'number' || !(block['p'] instanceof Uint8Array)) return undefined
    return { index: block['i'], bytes: block['p'] }
  } catch {
    return undefined
  }
}
