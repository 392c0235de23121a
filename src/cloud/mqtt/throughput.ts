import { MAX_BYTES_PER_SECOND } from './limits.ts'

const BYTES_PER_MS = MAX_BYTES_PER_SECOND / 1000
const BURST_MS = 1000

/** Both directions of one connection together: what is beyond the rate waits, after a burst of one second's bytes. */
export class Throughput {
  /** When everything that passed so far has had its time. */
  #paidAtMs = -Infinity

  /** When the next message may pass: now, or later. */
  openAt(nowMs: number): number {
    return Math.max(nowMs, this.#paidAtMs)
  }

  /** Takes a message that passes now; even one that is larger than the burst. */
  spend(sizeBytes: number, nowMs: number): void {
    this.#paidAtMs = Math.max(this.#paidAtMs, nowMs - BURST_MS) + sizeBytes / BYTES_PER_MS
  }
}
