import { workerData, type MessagePort } from 'node:worker_threads'
import type { Fleet } from '../ports/fleet.ts'
import { writeJournal } from './journal-writer.ts'

/** What the thread of the journal is started with. */
export interface JournalThreadData {
  readonly port: MessagePort
  readonly path: string
  readonly fleet: Fleet
}

const { port, path, fleet } = workerData as JournalThreadData
await writeJournal(port, path, fleet)
port.close()
