import type { Timeline } from '../clock/scaled.ts'
import { decodeEvents } from '../ports/event-codec.ts'
import type { DeviceEvent, Event } from '../ports/events.ts'
import type { WorkerHealth } from '../ports/health.ts'
import { KnownDevices } from './known-devices.ts'
import type { ShardSpec } from './shard.ts'
import type { WorkerHost } from './worker-host.ts'
import type { FromWorker, WorkerOrder } from './worker-protocol.ts'

/** A worker that is lost this often is not started again: something in the scenario kills it. */
const MAX_RESTARTS = 3

export interface PoolOptions {
  /** What each worker is to do, by its number. */
  readonly orders: readonly WorkerOrder[]
  /** The host of each worker, by its number. */
  readonly hostOf: (worker: number) => WorkerHost
  /** Whether a fault of the scenario, by index, is a property of the hardware once it has struck. */
  readonly isLasting: (fault: number) => boolean
  /** Simulated time since the run began. */
  readonly at: () => number
  readonly emit: (event: Event) => void
  /** A shard is lost for good. */
  readonly onFailed: (error: unknown) => void
}

/** Workers, one shard each. One that dies is replaced: its devices come back as after a power cut, with the flash that their events told of. */
export class Pool {
  readonly #options: PoolOptions
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
  }

  /** Resolves when every worker has loaded what it needs; rejects when one of them can't. */
  async load(): Promise<void> {
    const ready = this.#options.orders.map(() => new Promise<void>((resolve) => this.#ready.push(resolve)))
    const lost = new Promise<never>((_, reject) => (this.#giveUpLoading = reject))
    for (const order of this.#options.orders) this.#running.push(this.#keepRunning(order))
    await Promise.race([Promise.all(ready), lost])
  }

  /** Switches the devices on. */
  start(timeline: Timeline): void {
    this.#timeline = timeline
    for (const { worker } of this.#options.orders) this.#options.hostOf(worker).send(worker, { type: 'start', timeline })
  }

  health(): WorkerHealth[] {
    return [...this.#health.values()].sort((a, b) => a.worker - b.worker)
  }

  /** A host can't run its workers any more. */
  fail(error: unknown): void {
    if (!this.#stopping) this.#giveUp(error)
  }

  /** Tells every worker to stop and waits until the last of their events is here. */
  async stop(): Promise<void> {
    this.#stopping = true
    const { orders, hostOf } = this.#options
    for (const { worker } of orders) hostOf(worker).send(worker, { type: 'stop' })
    // After a failure a worker may wait for a thread that never comes.
    if (!this.#failed) await Promise.all(this.#running)
    await Promise.all([...new Set(orders.map(({ worker }) => hostOf(worker)))].map((host) => host.close()))
    await Promise.all(this.#running)
  }

  async #keepRunning(first: WorkerOrder): Promise<void> {
    const { worker } = first
    const host = this.#options.hostOf(worker)
    let order = first
    for (let restarts = 0; ; restarts++) {
      try {
        await host.run(order, (message) => this.#receive(worker, message))
        return
      } catch (error) {
        if (this.#stopping) return
        const devices = order.spec.ranges.reduce((sum, { count }) => sum + count, 0)
        const reason = error instanceof Error ? error.message : String(error)
        this.#options.emit({ type: 'worker-lost', at: this.#options.at(), worker, devices, reason })
        if (restarts === MAX_RESTARTS || this.#failed) return this.#giveUp(error)
        order = { ...first, spec: this.#afterPowerCut(first.spec) }
      }
    }
  }

  #giveUp(error: unknown): void {
    this.#failed = true
    this.#options.onFailed(error)
    this.#giveUpLoading(error)
  }

  #receive(worker: number, message: FromWorker): void {
    const host = this.#options.hostOf(worker)
    switch (message.type) {
      case 'ready':
        // A worker that replaces a lost one finds time running.
        if (this.#timeline) host.send(worker, { type: 'start', timeline: this.#timeline })
        this.#ready.pop()?.()
        return
      case 'health':
        this.#health.set(worker, message.health)
        return
      case 'events':
        decodeEvents(message.batch, (event) => this.#take(event as DeviceEvent))
        host.send(worker, { type: 'taken' })
        return
      case 'stopped':
        if (message.dropped > 0) this.#options.emit({ type: 'warning', at: this.#options.at(), text: unread(worker, message.dropped) })
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
    return { ...spec, faults, restart: { devices: this.#known.within(spec.ranges), atMs: simulatedStartMs + this.#options.at() } }
  }
}

function unread(worker: number, dropped: number): string {
  return `worker ${worker} dropped ${dropped.toLocaleString('en')} events: they came faster than they could be read, and are in no count but that of /metrics`
}
