import { type Firmware, type Hardware, publish, takeIn } from '../firmware.ts'
import type { SharedBlocks, WholeImage } from '../ota/shared-blocks.ts'
import { jobsTopic } from '../../protocol/topics.ts'
import type { FreertosOtaConfig } from './config.ts'
import type { OtaFile } from './job.ts'
import { receiving } from './status.ts'

/** `otaconfigLOG2_FILE_BLOCK_SIZE` 12. */
export const BLOCK_BYTES = 4096

/** What a block did: it is good, was there already, does not belong to the file, or was the last one. */
export type Ingested = 'accepted' | 'duplicate' | 'refused' | 'complete'

/** How a download stops. `notified`: another job comes first now. `expired`: the URL is good no more. */
export type DownloadEnd = 'complete' | 'refused' | 'notified' | 'expired' | 'momentum'

/** An update under way: its bitmap and its blocks. It is in RAM: a lost connection leaves it as it is, a reset loses it. */
export class Download {
  readonly jobId: string
  readonly startedAt: number
  /** Replaced when the job document comes again with another URL. */
  file: OtaFile
  /** One bit a block, the least significant first; 1 = wanted. */
  readonly bitmap: Uint8Array
  readonly blocks: number
  /** Requests in a row without a good block. */
  momentum = 0
  /** Requests that were made again because nothing came. */
  retries = 0
  #remaining: number
  readonly #received: Uint8Array[]
  readonly #shared: SharedBlocks

  constructor(jobId: string, file: OtaFile, startedAt: number, shared: SharedBlocks) {
    this.jobId = jobId
    this.file = file
    this.startedAt = startedAt
    this.#shared = shared
    this.blocks = this.#remaining = Math.ceil(file.sizeBytes / BLOCK_BYTES)
    this.#received = Array.from({ length: this.blocks })
    this.bitmap = new Uint8Array(Math.ceil(this.blocks / 8)).fill(0xff)
    // No block beyond the end of the file is ever wanted.
    if (this.blocks % 8 > 0) this.bitmap[this.bitmap.length - 1] = (1 << (this.blocks % 8)) - 1
  }

  get bytes(): number {
    return this.#received.reduce((sum, block) => sum + (block?.length ?? 0), 0)
  }

  /** The first block that is missing. */
  get next(): number {
    const byte = this.bitmap.findIndex((bits) => bits !== 0)
    return byte * 8 + (31 - Math.clz32(this.bitmap[byte]! & -this.bitmap[byte]!))
  }

  get remaining(): number {
    return this.#remaining
  }

  /** Every block is there. */
  whole(): WholeImage {
    return this.#shared.whole(this.#received)
  }

  /** Takes a block as it came off the air; every block but the last must be full, and the last must end with the file. */
  *ingest(hardware: Hardware, config: FreertosOtaConfig, index: number, payload: Uint8Array): Firmware<Ingested> {
    const { sizeBytes } = this.file
    const from = index * BLOCK_BYTES
    const headers = { 'content-range': `bytes ${from}-${from + payload.length - 1}/${sizeBytes}` }
    const { body } = yield* takeIn({ status: 206, headers, body: payload })
    return yield* this.store(hardware, config, index, body)
  }

  *store(hardware: Hardware, config: FreertosOtaConfig, index: number, body: Uint8Array): Firmware<Ingested> {
    const isInside = Number.isInteger(index) && index >= 0 && index < this.blocks
    if (!isInside || body.length !== Math.min(BLOCK_BYTES, this.file.sizeBytes - index * BLOCK_BYTES)) return 'refused'
    const bit = 1 << (index % 8)
    if ((this.bitmap[index >> 3]! & bit) === 0) return 'duplicate'
    this.bitmap[index >> 3]! &= ~bit
    this.#received[index] = this.#shared.share(index, body)
    this.#remaining--
    this.momentum = 0
    const received = this.blocks - this.#remaining
    if (this.#remaining === 0) return 'complete'
    if (received === 1 || received % config.statusFrequency === 0) {
      const { payload, qos } = receiving(received, this.blocks)
      yield* publish(jobsTopic(hardware.name, `${this.jobId}/update`), payload, qos)
    }
    return 'accepted'
  }
}
