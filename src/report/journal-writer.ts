import { on } from 'node:events'
import type { MessagePort } from 'node:worker_threads'
import { decodeEvents, type EventBatch } from '../ports/event-codec.ts'
import type { Fleet } from '../ports/fleet.ts'
import { JournalFile } from './journal-file.ts'

export type ToJournalWriter = { readonly type: 'events'; readonly batch: EventBatch } | { readonly type: 'close' }

export type FromJournalWriter =
  /** A batch is formatted and handed to the compressor. */
  | { readonly type: 'written' }
  /** The last message. `sha256` is that of all lines, also when the file could not be written. */
  | { readonly type: 'closed'; readonly sha256: string; readonly failure?: Error }

/** Writes the batches that come through `port` to the file at `path`, one after the other, until it is told to close. */
export async function writeJournal(port: MessagePort, path: string, fleet: Fleet): Promise<void> {
  const file = new JournalFile(path, fleet)
  const send = (message: FromJournalWriter) => port.postMessage(message)
  for await (const [message] of on(port, 'message') as AsyncIterable<[ToJournalWriter]>) {
    if (message.type === 'close') break
    decodeEvents(message.batch, (event) => file.add(event))
    // What went wrong is told at the end: until then the run goes on without its file.
    if (file.full) await file.drain().catch(() => {})
    send({ type: 'written' })
  }
  const failure = await file.close().catch((error: Error) => error)
  send({ type: 'closed', sha256: file.hash(), ...(failure && { failure }) })
}
