import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { Piscina } from 'piscina'
import type { WorkerHost } from './worker-host.ts'
import type { FromWorker, ToWorker, WorkerOrder, WorkerTask } from './worker-protocol.ts'

const WORKER_FILE = new URL('./worker-thread.cjs', import.meta.url)

/** Workers in threads of this process, one each. */
export class WorkerThreads implements WorkerHost {
  readonly #pool: Piscina
  readonly #ports = new Map<number, MessagePort>()
  #isClosing = false

  /** `onBroken`: a worker waits for a thread that never comes. */
  constructor(threads: number, onBroken: (error: Error) => void) {
    this.#pool = new Piscina({
      filename: WORKER_FILE.href,
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Infinity,
      concurrentTasksPerWorker: 1,
    })
    // A thread that crashes rejects its task; the pool's own event says the same again.
    this.#pool.on('error', () => {})
    // Piscina starts no more threads once one of them has died before it was up.
    const lookForAll = () => {
      if (!this.#isClosing && this.#pool.threads.length < threads) onBroken(new Error('a worker thread ended before it was up'))
    }
    this.#pool.on('workerDestroy', () => queueMicrotask(lookForAll))
  }

  async run(order: WorkerOrder, receive: (message: FromWorker) => void): Promise<void> {
    const { port1, port2 } = new MessageChannel()
    this.#ports.set(order.worker, port1)
    const stopped = new Promise<void>((resolve) => {
      port1.on('message', (message: FromWorker) => {
        receive(message)
        if (message.type === 'stopped') resolve()
      })
    })
    try {
      await this.#pool.run({ ...order, port: port2 } satisfies WorkerTask, { transferList: [port2] })
      // Its last messages may still be on their way.
      await stopped
    } finally {
      port1.close()
      this.#ports.delete(order.worker)
    }
  }

  send(worker: number, message: ToWorker): void {
    this.#ports.get(worker)?.postMessage(message)
  }

  async close(): Promise<void> {
    this.#isClosing = true
    await this.#pool.destroy()
  }
}
