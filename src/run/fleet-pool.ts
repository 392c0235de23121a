import type { ScaledClock } from '../clock/scaled.ts'
import type { MetricsContext } from '../metrics/labels.ts'
import { Slots } from '../metrics/slots.ts'
import type { EventSink } from '../ports/events.ts'
import type { WorkerHealth } from '../ports/health.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { Spread } from './capacity.ts'
import { FleetProcess } from './fleet-process.ts'
import { type Plan, shard, type ShardRange } from './plan.ts'
import { openPlugins } from './plugins.ts'
import { Pool } from './pool.ts'
import type { ShardSpec } from './shard.ts'
import type { WorkerHost } from './worker-host.ts'
import type { CloudDoors } from './worker-protocol.ts'
import { WorkerThreads } from './worker-threads.ts'

export interface FleetPoolOptions {
  readonly scenario: Scenario
  readonly plan: Plan
  readonly spread: Pick<Spread, 'workers' | 'fleet'>
  readonly emit: EventSink
  readonly metricsContext: MetricsContext
  /** The counters of one worker. */
  readonly onCounters: (buffer: SharedArrayBuffer, worker: number) => void
}

/** The fleet in worker threads of this process, or of others, over real sockets. */
export class FleetPool {
  readonly #options: FleetPoolOptions
  readonly #clock: ScaledClock
  #pool: Pool | undefined

  constructor(options: FleetPoolOptions, clock: ScaledClock) {
    this.#options = options
    this.#clock = clock
  }

  /** Simulated time at which the run begins. */
  get startMs(): number {
    return this.#clock.timeline.simulatedStartMs
  }

  /**
   * Loads the workers, lets time run, and switches the devices on. `doors` says how a worker's devices reach the cloud; `beginsAt`, asked when all
   * is loaded, what time it is then: that of the waiting clock when left out.
   */
  async start(
    stock: Pick<ShardSpec, 'published' | 'certificates'>,
    doors: (worker: number, ranges: readonly ShardRange[]) => CloudDoors,
    onFailed: (error: unknown) => void,
    beginsAt?: () => number,
  ): Promise<void> {
    const { scenario, plan, spread, emit, metricsContext, onCounters } = this.#options
    const orders = shard(scenario, plan.fleet, spread.workers).map((ranges, worker) => {
      const faults = plan.faults.filter(({ device }) => ranges.some(({ first, count }) => device >= first && device < first + count))
      const buffer = new Slots(metricsContext).allocate()
      onCounters(buffer, worker)
      return {
        worker,
        spec: { scenario, fleet: plan.fleet, ranges, faults, ...stock, startMs: this.startMs },
        cloud: doors(worker, ranges),
        metrics: { buffer, context: metricsContext },
      }
    })
    const plugins = await openPlugins(scenario)
    const isLasting = (fault: number) => plugins.faults.get(fault)!.kind.lasting === true
    const hosts = hostsOf(spread, (error) => this.#pool?.fail(error))
    const hostOf = (worker: number) => hosts[worker]!
    this.#pool = new Pool({ orders, hostOf, isLasting, at: () => this.#clock.now() - this.startMs, emit, onFailed })
    await this.#pool.load()
    this.#pool.start(this.#clock.begin(beginsAt?.()))
  }

  async stop(): Promise<void> {
    await this.#pool?.stop()
  }

  health(): readonly WorkerHealth[] {
    return this.#pool?.health() ?? []
  }
}

/** That of each worker. */
function hostsOf({ workers, fleet }: FleetPoolOptions['spread'], onBroken: (error: unknown) => void): WorkerHost[] {
  if (fleet === 'processes') return Array.from({ length: workers }, () => new FleetProcess())
  const threads = new WorkerThreads(workers, onBroken)
  return Array.from({ length: workers }, () => threads)
}
