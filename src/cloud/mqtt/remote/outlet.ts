import type { Message } from './protocol.ts'

/** What a message takes on the wire beside its strings and bytes; an estimate. */
const OVERHEAD_BYTES = 32

/** Hands a batch to the other process; calls `taken` when that has it. */
export type SendBatch<M> = (batch: readonly M[], taken: () => void) => void

/** Messages to another process: one batch in each turn of the event loop. */
export class Outlet<M extends Message> {
  readonly #sendBatch: SendBatch<M>
  readonly #maxWaitingBytes: number
  readonly #onFull: () => void
  #batch: M[] = []
  #batchBytes = 0
  #waitingBytes = 0

  /** `onFull`: more than `maxWaitingBytes` are not taken yet, and every further message comes on top. */
  constructor(sendBatch: SendBatch<M>, maxWaitingBytes: number, onFull: () => void = () => {}) {
    this.#sendBatch = sendBatch
    this.#maxWaitingBytes = maxWaitingBytes
    this.#onFull = onFull
  }

  get isFull(): boolean {
    return this.#waitingBytes > this.#maxWaitingBytes
  }

  send(message: M): void {
    const sizeBytes = sizeOf(message)
    this.#batchBytes += sizeBytes
    this.#waitingBytes += sizeBytes
    if (this.#batch.push(message) === 1) setImmediate(this.#flush)
  }

  readonly #flush = (): void => {
    const batch = this.#batch
    const batchBytes = this.#batchBytes
    this.#batch = []
    this.#batchBytes = 0
    this.#sendBatch(batch, () => {
      this.#waitingBytes -= batchBytes
    })
    if (this.isFull) this.#onFull()
  }
}

function sizeOf(message: Message): number {
  let bytes = OVERHEAD_BYTES
  for (const field of message) if (typeof field === 'string' || field instanceof Uint8Array) bytes += field.length
  return bytes
}
