import { EventEmitter } from 'node:events'
import type { FromFleetProcess, RemoteOrder, ToFleetProcess } from './fleet-process-protocol.ts'
import runWorker from './worker.ts'
import type { FromWorker } from './worker-protocol.ts'

/** A worker with a process of its own (`fleet-process.ts`), in its main thread: another would take memory for nothing. It ends with the process that started it. */

const COUNTERS_MS = 1000

const told = new EventEmitter()
let tellCounters = (): void => {}

process.on('message', (message: ToFleetProcess) => {
  if (message.type === 'tell') told.emit('message', message.message)
  else void run(message.order)
})
process.once('disconnect', () => process.exit(0))
process.once('uncaughtException', lose)
// Ctrl-C reaches every process of the terminal: how the run ends is for the other process to decide.
process.on('SIGINT', () => {})

async function run({ metrics: { counters, context }, ...order }: RemoteOrder): Promise<void> {
  const buffer = new SharedArrayBuffer(counters.byteLength)
  const counted = new Float64Array(buffer)
  counted.set(counters)
  tellCounters = () => tell({ type: 'counters', counters: counted.slice() })
  setInterval(tellCounters, COUNTERS_MS)
  const postMessage = (message: FromWorker): void => {
    if (message.type === 'stopped') tellCounters()
    tell({ type: 'told', message })
  }
  await runWorker({ ...order, metrics: { buffer, context }, port: Object.assign(told, { postMessage }) })
}

function lose(error: unknown): void {
  tellCounters()
  tell({ type: 'lost', reason: error instanceof Error ? error.message : String(error) }, () => process.exit(1))
}

function tell(message: FromFleetProcess, sent: () => void = () => {}): void {
  if (process.connected) process.send!(message, sent)
}
