import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { FromFleetProcess, ToFleetProcess } from './fleet-process-protocol.ts'
import type { WorkerHost } from './worker-host.ts'
import type { FromWorker, ToWorker, WorkerOrder } from './worker-protocol.ts'

const PROGRAM = fileURLToPath(new URL('./fleet-process-program.js', import.meta.url))

interface Run {
  readonly order: WorkerOrder
  readonly receive: (message: FromWorker) => void
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/**
 * Workers in threads of another process, which may open files of its own. It is started with its first worker. When it dies, its workers are lost, and the
 * next one that is run starts it again. It ends with this process, however that ends.
 */
export class FleetProcess implements WorkerHost {
  readonly #threads: number
  readonly #runs = new Map<number, Run>()
  #child: ChildProcess | undefined
  #isClosed = false

  constructor(threads: number) {
    this.#threads = threads
  }

  async run(order: WorkerOrder, receive: (message: FromWorker) => void): Promise<void> {
    if (this.#isClosed) throw new Error('the fleet has ended')
    this.#child ??= this.#start()
    const { buffer, context } = order.metrics
    return new Promise((resolve, reject) => {
      this.#runs.set(order.worker, { order, receive, resolve, reject })
      const counters = new Float64Array(buffer).slice()
      this.#send({ type: 'run', order: { ...order, metrics: { counters, context } } })
    })
  }

  send(worker: number, message: ToWorker): void {
    this.#send({ type: 'tell', worker, message })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const child = this.#child
    if (!child) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  #start(): ChildProcess {
    const child = fork(PROGRAM, [String(this.#threads)], { serialization: 'advanced', execArgv: [] })
    child.on('message', (message: FromFleetProcess) => this.#receive(message))
    child.once('error', (error) => this.#lose(child, `could not be started: ${error.message}`))
    child.once('exit', (code, signal) => this.#lose(child, `ended: ${signal ?? `exit code ${code}`}`))
    return child
  }

  #send(message: ToFleetProcess): void {
    // What can't be told to one that is going will be known when it is gone.
    if (this.#child?.connected) this.#child.send(message, () => {})
  }

  #receive(told: FromFleetProcess): void {
    const run = this.#runs.get(told.worker)
    if (!run) return
    switch (told.type) {
      case 'counters':
        new Float64Array(run.order.metrics.buffer).set(told.counters)
        return
      case 'lost':
        this.#runs.delete(told.worker)
        return run.reject(new Error(told.reason))
      case 'told':
        run.receive(told.message)
        if (told.message.type !== 'stopped') return
        this.#runs.delete(told.worker)
        run.resolve()
    }
  }

  #lose(child: ChildProcess, how: string): void {
    if (this.#child !== child) return
    this.#child = undefined
    const runs = [...this.#runs.values()]
    this.#runs.clear()
    for (const { reject } of runs) reject(new Error(`its process ${child.pid ?? ''} ${how}`))
  }
}
