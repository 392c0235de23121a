import { MessageChannel } from 'node:worker_threads'
import type { Fleet } from '../../src/ports/fleet.ts'
import { Journal, type JournalOptions } from '../../src/report/journal.ts'
import { writeJournal } from '../../src/report/journal-writer.ts'

/** A journal whose writer is in the same thread: threads run from the build only. */
export function journalBeside(path: string, fleet: Fleet, options: JournalOptions): Journal {
  const { port1, port2 } = new MessageChannel()
  void writeJournal(port2, path, fleet)
  return new Journal(port1, options)
}
