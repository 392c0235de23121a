import { availableParallelism } from 'node:os'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { Piscina } from 'piscina'
import type { Timeline } from '../clock/scaled.ts'
import type { DeviceEvent, Event } from '../ports/events.ts'
import type { WorkerHealth } from '../ports/health.ts'
import { KnownDevices } from './known-devices.ts'
import type { ShardSpec } from './shard.ts'
import type { FromWorker, ToWorker, WorkerTask } from './worker-protocol.ts'

/** A worker that is lost this often is not started again: something in the scenario kills it. */
const MAX_RESTARTS = 3
const WORKER_FILE = new URL('./worker.js', import.meta.url)

export interface PoolOptions {
  /** The task of each shard, but for its port. */
  readonly tasks: readonly Omit<WorkerTask, 'port'>[]
  /** Whether a fault of the scenario, by index, is a property of the hardware once it has struck. */
  readonly isLasting: (fault: number) => boolean
  /** Simulated time since the run began. */
  readonly at: () => number
  readonly emit: (event: Event) => void
  /** A shard is lost for good. */
  readonly onFailed: (error: unknown) => void
}

/** Worker threads, one shard each. A thread that dies is replaced: its devices come back as after a power cut, with the flash that their events told of. */
export class Pool {
  readonly #options: PoolOptions
  readonly #pool: Piscina
  readonly #ports = new Map<number, MessagePort>()
  readonly #health = new Map<number, WorkerHealth>()
  readonly #known = new KnownDevices()
  readonly #running: Promise<void>[] = []
  readonly #ready: (() => void)[] = []
  #timeline: Timeline | undefined
  #stopping = false
  #failed = false
  #giveUpLoading: (error: unknown) => void = () => {}

  constructor(options: PoolOptions) {
    this.#options = options
    const threads = options.tasks.length
    this.#pool = new Piscina({
      filename: WORKER_FILE.href,
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Infinity,
      concurrentTasksPerWorker: 1,
    })
    // A thread that crashes rejects its task; the pool's own event says the same again.
    this.#pool.on('error', () => {})
    this.#pool.on('workerDestroy', () => queueMicrotask(() => this.#missThread()))
  }

  /** Resolves when every worker has loaded what it needs; rejects when one of them can't. */
  async load(): Promise<void> {
    const ready = this.#options.tasks.map(() => new Promise<void>((resolve) => this.#ready.push(resolve)))
    const lost = new Promise<never>((_, reject) => (this.#giveUpLoading = reject))
    for (const task of this.#options.tasks) this.#running.push(this.#keepRunning(task))
    await Promise.race([Promise.all(ready), lost])
  }

  /** Switches the devices on. */
  start(timeline: Timeline): void {
    this.#timeline = timeline
    for (const port of this.#ports.values()) port.postMessage({ type: 'start', timeline } satisfies ToWorker)
  }

  health(): WorkerHealth[] {
    return [...this.#health.values()].sort((a, b) => a.worker - b.worker)
  }

  /** Threads, for tests that kill one. */
  get threads(): readonly { terminate(): Promise<number> }[] {
    return this.#pool.threads
  }

  /** Tells every worker to stop and waits until the last of their events is here. */
  async stop(): Promise<void> {
    this.#stopping = true
    for (const port of this.#ports.values()) port.postMessage({ type: 'stop' } satisfies ToWorker)
    // After a failure a task may wait for a thread that never comes.
    if (!this.#failed) await Promise.all(this.#running)
    await this.#pool.destroy()
    await Promise.all(this.#running)
  }

  async #keepRunning(first: Omit<WorkerTask, 'port'>): Promise<void> {
    let task = first
    for (let restarts = 0; ; restarts++) {
      try {
        await this.#run(task)
        return
      } catch (error) {
        if (this.#stopping) return
        const devices = task.spec.ranges.reduce((sum, { count }) => sum + count, 0)
        const reason = error instanceof Error ? error.message : String(error)
        this.#options.emit({ type: 'worker-lost', at: this.#options.at(), worker: task.worker, devices, reason })
        if (restarts === MAX_RESTARTS || this.#failed) return this.#giveUp(error)
        task = { ...first, spec: this.#afterPowerCut(first.spec) }
      }
    }
  }

  /** Piscina starts no more threads once one of them has died before it was up; a task would wait for one for ever. */
  #missThread(): void {
    if (this.#stopping || this.#pool.threads.length === this.#options.tasks.length) return
    this.#giveUp(new Error('a worker thread ended before it was up'))
  }

  #giveUp(error: unknown): void {
    this.#failed = true
    this.#options.onFailed(error)
    this.#giveUpLoading(error)
  }

  async #run(task: Omit<WorkerTask, 'port'>): Promise<void> {
    const { port1, port2 } = new MessageChannel()
    this.#ports.set(task.worker, port1)
    const stopped = new Promise<void>((resolve) => {
      port1.on('message', (message: FromWorker) => (message.type === 'stopped' ? resolve() : this.#receive(message, port1)))
    })
    try {
      await this.#pool.run({ ...task, port: port2 } satisfies WorkerTask, { transferList: [port2] })
      // Its last messages may still be on their way.
      await stopped
    } finally {
      port1.close()
      this.#ports.delete(task.worker)
    }
  }

  #receive(message: Exclude<FromWorker, { type: 'stopped' }>, port: MessagePort): void {
    switch (message.type) {
      case 'ready':
        // A worker that replaces a lost one finds time running.
        if (this.#timeline) port.postMessage({ type: 'start', timeline: this.#timeline } satisfies ToWorker)
        this.#ready.pop()?.()
        return
      case 'health':
        this.#health.set(message.health.worker, message.health)
        return
      case 'events':
        for (const event of message.events) this.#take(event)
    }
  }

  #take(event: DeviceEvent): void {
    this.#known.observe(event)
    this.#options.emit(event)
  }

  #afterPowerCut(spec: ShardSpec): ShardSpec {
    const faults = spec.faults.flatMap((record) => {
      if (!this.#known.isStruck(record.device, record.fault)) return [record]
      return this.#options.isLasting(record.fault) ? [{ ...record, struck: true as const }] : []
    })
    const { simulatedStartMs = spec.startMs } = this.#timeline ?? {}
    return { ...spec, faults, restart: { devices: this.#known.devices, atMs: simulatedStartMs + this.#options.at() } }
  }
}

/** One core stays with the cloud and the controller. */
export function defaultWorkers(): number {
  return Math.max(1, availableParallelism() - 1)
}
