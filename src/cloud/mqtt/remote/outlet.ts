import type { Message } from './protocol.ts'

/** What a message takes on the wire beside its strings and bytes; an estimate. */
const OVERHEAD_BYTES = 32

/** Hands a batch to the other process; calls `taken` when that has it. */
export type SendBatch<M> = (batch: readonly M[], taken: () => void) => void

/** How far apart batches are that nobody waits for, in wall-clock milliseconds: a batch costs as much as twenty messages. */
const LAZY_MS = 2

/** Messages to another process, in batches and in order. */
export class Outlet<M extends Message> {
  readonly #sendBatch: SendBatch<M>
  readonly #maxWaitingBytes: number
  readonly #onFull: () => void
  #batch: M[] = []
  #batchBytes = 0
  #waitingBytes = 0
  #isFlushDue = false
  #flushedMs = -Infinity
  #lazily: NodeJS.Timeout | undefined

  /** `onFull`: more than `maxWaitingBytes` are not taken yet, and every further message comes on top. */
  constructor(sendBatch: SendBatch<M>, maxWaitingBytes: number, onFull: () => void = () => {}) {
    this.#sendBatch = sendBatch
    this.#maxWaitingBytes = maxWaitingBytes
    this.#onFull = onFull
  }

  get isFull(): boolean {
    return this.#waitingBytes > this.#maxWaitingBytes
  }

  /** With this turn of the event loop. */
  send(message: M): void {
    this.#add(message)
    this.#flushSoon()
  }

  /** Like `send`, but in a busy time a moment later, or with the next message that is sent. */
  sendLazily(message: M): void {
    this.#add(message)
    if (this.#isFlushDue || this.#lazily) return
    const waitMs = this.#flushedMs + LAZY_MS - performance.now()
    if (waitMs > 0) this.#lazily = setTimeout(this.#flush, waitMs)
    else this.#flushSoon()
  }

  #flushSoon(): void {
    if (this.#isFlushDue) return
    this.#isFlushDue = true
    setImmediate(this.#flush)
  }

  #add(message: M): void {
    const sizeBytes = sizeOf(message)
    this.#batchBytes += sizeBytes
    this.#waitingBytes += sizeBytes
    this.#batch.push(message)
  }

  readonly #flush = (): void => {
    clearTimeout(this.#lazily)
    this.#lazily = undefined
    this.#isFlushDue = false
    this.#flushedMs = performance.now()
    const batch = this.#batch
    if (batch.length === 0) return
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
