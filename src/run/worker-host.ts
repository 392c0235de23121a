import type { FromWorker, ToWorker, WorkerOrder } from './worker-protocol.ts'

/** Where workers run: in threads of this process, or one in another process. */
export interface WorkerHost {
  /** Runs a worker until its last word, which is not passed on before all others. Rejects when the worker is lost. */
  run(order: WorkerOrder, receive: (message: FromWorker) => void): Promise<void>
  /** To a worker that runs; nothing happens if it does not. */
  send(worker: number, message: ToWorker): void
  /** Ends what is still running. */
  close(): Promise<void>
}
