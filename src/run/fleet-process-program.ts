import type { FromFleetProcess, RemoteOrder, ToFleetProcess } from './fleet-process-protocol.ts'
import { WorkerThreads } from './worker-threads.ts'

/** A process of its own for a part of the fleet (`fleet-process.ts`): it passes on what its workers are told and tell. It ends with the process that started it. */

const COUNTERS_MS = 1000

const threads = new WorkerThreads(Number(process.argv[2]), (error) => {
  throw error
})
/** Of each worker that runs. */
const counted = new Map<number, Float64Array>()

process.on('message', (message: ToFleetProcess) => {
  if (message.type === 'tell') threads.send(message.worker, message.message)
  else void run(message.order)
})
process.once('disconnect', () => process.exit(0))
// Ctrl-C reaches every process of the terminal: how the run ends is for the other process to decide.
process.on('SIGINT', () => {})
setInterval(() => [...counted.keys()].forEach(tellCounters), COUNTERS_MS)

async function run({ metrics: { counters, context }, ...order }: RemoteOrder): Promise<void> {
  const { worker } = order
  const buffer = new SharedArrayBuffer(counters.byteLength)
  new Float64Array(buffer).set(counters)
  counted.set(worker, new Float64Array(buffer))
  try {
    await threads.run({ ...order, metrics: { buffer, context } }, (message) => {
      if (message.type === 'stopped') tellCounters(worker)
      tell({ type: 'told', worker, message })
    })
  } catch (error) {
    tellCounters(worker)
    tell({ type: 'lost', worker, reason: error instanceof Error ? error.message : String(error) })
  } finally {
    counted.delete(worker)
  }
}

function tellCounters(worker: number): void {
  tell({ type: 'counters', worker, counters: counted.get(worker)!.slice() })
}

function tell(message: FromFleetProcess): void {
  if (process.connected) process.send!(message, () => {})
}
