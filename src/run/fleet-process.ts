import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { FromFleetProcess, ToFleetProcess } from './fleet-process-protocol.ts'
import type { WorkerHost } from './worker-host.ts'
import type { FromWorker, ToWorker, WorkerOrder } from './worker-protocol.ts'

const PROGRAM = fileURLToPath(new URL('./fleet-process-program.js', import.meta.url))
/** Of V8, MiB. With its own 16 the young generation of a process takes 30 MiB, which no fleet is faster for; 4 cost a device in 10,000 another 0.4 KiB. */
const MAX_SEMI_SPACE_MIB = 2

interface Run {
  readonly order: WorkerOrder
  readonly receive: (message: FromWorker) => void
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/**
 * A worker in another process, which may open files of its own. It is started when the worker is run. When it dies, the worker is lost, and to run it again
 * starts another. It ends with this process, however that ends.
 */
export class FleetProcess implements WorkerHost {
  #run: Run | undefined
  #child: ChildProcess | undefined
  #isClosed = false

  async run(order: WorkerOrder, receive: (message: FromWorker) => void): Promise<void> {
    if (this.#isClosed) throw new Error('the fleet has ended')
    this.#child = this.#start()
    const { buffer, context } = order.metrics
    return new Promise((resolve, reject) => {
      this.#run = { order, receive, resolve, reject }
      const counters = new Float64Array(buffer).slice()
      this.#send({ type: 'run', order: { ...order, metrics: { counters, context } } })
    })
  }

  send(_worker: number, message: ToWorker): void {
    this.#send({ type: 'tell', message })
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
    const child = fork(PROGRAM, { serialization: 'advanced', execArgv: [`--max-semi-space-size=${MAX_SEMI_SPACE_MIB}`] })
    child.on('message', (message: FromFleetProcess) => this.#receive(child, message))
    child.once('error', (error) => this.#lose(child, `its process could not be started: ${error.message}`))
    child.once('exit', (code, signal) => this.#lose(child, `its process ${child.pid} ended: ${signal ?? `exit code ${code}`}`))
    return child
  }

  #send(message: ToFleetProcess): void {
    // What can't be told to one that is going will be known when it is gone.
    if (this.#child?.connected) this.#child.send(message, () => {})
  }

  #receive(child: ChildProcess, told: FromFleetProcess): void {
    switch (told.type) {
      case 'counters':
        if (this.#run) new Float64Array(this.#run.order.metrics.buffer).set(told.counters)
        return
      case 'lost':
        return this.#lose(child, told.reason)
      case 'told':
        this.#run?.receive(told.message)
        if (told.message.type !== 'stopped') return
        this.#run?.resolve()
        this.#run = undefined
    }
  }

  #lose(child: ChildProcess, reason: string): void {
    if (this.#child !== child) return
    const run = this.#run
    this.#child = this.#run = undefined
    run?.reject(new Error(reason))
  }
}
