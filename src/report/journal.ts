import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import { EventEncoder } from '../ports/event-codec.ts'
import type { Event } from '../ports/events.ts'
import type { Fleet } from '../ports/fleet.ts'
import type { JournalThreadData } from './journal-thread.ts'
import type { FromJournalWriter, ToJournalWriter } from './journal-writer.ts'

const THREAD_FILE = new URL('./journal-thread.js', import.meta.url)
/** Events that cross to the writer at a time. */
const BATCH_EVENTS = 8192
/** Batches that wait to be written, some 300 KB each; beyond them the journal is `full`. */
const MAX_WAITING = 64

export interface JournalOptions {
  /** What becomes of events while the journal is full: `wait` keeps them, for whoever calls `drain`; `drop` counts them and lets them go. */
  readonly whenFull: 'wait' | 'drop'
}

/** How the journal ended. */
export interface JournalEnd {
  /** SHA-256 of the NDJSON text, in hexadecimal; empty when its writer died. */
  readonly sha256: string
  /** Events that the text lacks, because they came faster than they could be written. */
  readonly dropped: number
  /** Why the file could not be written. */
  readonly failure?: Error
}

/** A journal whose lines are formatted, hashed and compressed in a thread of its own. */
export function startJournal(path: string, fleet: Fleet, options: JournalOptions): Journal {
  const { port1, port2 } = new MessageChannel()
  const workerData: JournalThreadData = { port: port2, path, fleet }
  // A run that fails before it begins never closes its journal, and must end all the same.
  new Worker(THREAD_FILE, { workerData, transferList: [port2] }).unref()
  return new Journal(port1, options)
}

/** `events.ndjson.gz` as the thread of the run sees it: events are packed, and sent to the writer (`writeJournal`) at the other end of `port`. */
export class Journal {
  readonly #port: MessagePort
  readonly #whenFull: JournalOptions['whenFull']
  readonly #encoder = new EventEncoder()
  readonly #closed: Promise<JournalEnd>
  #waiting = 0
  #dropped = 0
  #drained: (() => void)[] = []

  constructor(port: MessagePort, { whenFull }: JournalOptions) {
    this.#port = port
    this.#whenFull = whenFull
    this.#closed = new Promise((resolve) => {
      port.on('message', (message: FromJournalWriter) => {
        if (message.type === 'written') return this.#written()
        const { sha256, failure } = message
        resolve({ sha256, dropped: this.#dropped, ...(failure && { failure }) })
      })
      port.on('close', () => {
        this.#waiting = 0
        this.#makeRoom()
        resolve({ sha256: '', dropped: this.#dropped, failure: new Error('the thread that writes it has ended') })
      })
    })
    port.unref()
  }

  add(event: Event): void {
    this.#encoder.add(event)
    if (this.#encoder.events === BATCH_EVENTS) this.#send()
  }

  /** Whether as much waits as the journal means to hold. */
  get full(): boolean {
    return this.#waiting >= MAX_WAITING
  }

  /** Resolves when there is room again. */
  async drain(): Promise<void> {
    if (!this.full) return
    this.#port.ref()
    await new Promise<void>((resolve) => this.#drained.push(resolve))
    this.#port.unref()
  }

  /** Resolves when the file is complete, or can't be. */
  async close(): Promise<JournalEnd> {
    this.#send()
    this.#port.ref()
    this.#port.postMessage({ type: 'close' } satisfies ToJournalWriter)
    const end = await this.#closed
    this.#port.close()
    return end
  }

  #send(): void {
    const batch = this.#encoder.take()
    if (this.full && this.#whenFull === 'drop') {
      this.#dropped += batch.events
      return
    }
    this.#waiting += 1
    this.#port.postMessage({ type: 'events', batch } satisfies ToJournalWriter, [batch.numbers.buffer])
  }

  #written(): void {
    this.#waiting -= 1
    if (!this.full) this.#makeRoom()
  }

  #makeRoom(): void {
    const waiting = this.#drained
    this.#drained = []
    for (const resolve of waiting) resolve()
  }
}
