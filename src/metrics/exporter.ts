import { Registry } from 'prom-client'
import type { CloudRequest } from '../ports/cloud-requests.ts'
import { EXECUTION_STATUSES } from '../ports/events.ts'
import type { ExecutionCounts, RunEvent } from '../ports/events.ts'
import type { WorkerHealth } from '../ports/health.ts'
import { CLOUD_REQUESTS, METRICS, RUN_INFO } from './catalogue.ts'
import type { MetricKey } from './catalogue.ts'
import { CloudRequests } from './cloud-requests.ts'
import { registerBlock, registerSamples } from './exposition.ts'
import { CLOUD_SERVICES, DEVICE_STATES, ROLLOUT_STATUSES, RUN_STATUSES } from './labels.ts'
import type { MetricsContext } from './labels.ts'
import { serveMetrics } from './metrics-server.ts'
import type { MetricsServer } from './metrics-server.ts'
import { RolloutRate } from './rollout-rate.ts'
import { Slots, observe } from './slots.ts'
import type { Block } from './slots.ts'

export interface RunInfo {
  readonly runId: string
  readonly scenario: string
  readonly seed: number
  readonly version: string
}

interface Source {
  readonly slots: Float64Array
  readonly worker: number
  /** False when its worker is gone: what it counted stays, what its devices were doing does not. */
  live: boolean
}

const P99 = 0
const MAX = 1
const ACTUAL = 0
const SUCCEEDED = 1
const OTHER_STATUS = ROLLOUT_STATUSES.indexOf('other')

/** One registry for a run: adds up the slots of all recorders at the time of a scrape, and holds what only the main thread knows. */
export class Exporter {
  readonly registry = new Registry()
  private readonly context: MetricsContext
  private readonly run: RunInfo
  private readonly layout: Slots
  private readonly blocks: Slots['blocks']
  /** Rollouts, workers, thresholds and the run itself: a source like any other, written here. */
  private readonly own: Float64Array
  private readonly sources: Source[] = []
  private readonly cloud: CloudRequests
  private readonly rates = new Map<number, RolloutRate>()
  /** By worker: what it had dropped when it was last asked. */
  private readonly dropped = new Map<number, number>()

  constructor(context: MetricsContext, run: RunInfo) {
    this.context = context
    this.run = run
    this.layout = new Slots(context)
    this.blocks = this.layout.blocks
    this.own = this.layout.view(this.layout.allocate())
    this.cloud = new CloudRequests(context.operations)
    this.registry.setDefaultLabels({ run_id: run.runId })
    this.setRunStatus('starting')
    for (const rollout of context.rollouts.keys()) this.setRolloutStatus(rollout, 'PENDING')
    this.register()
  }

  /** A recorder's buffer. The workers come in order unless `worker` says otherwise; a second source of a worker takes the place of the first. */
  addSource(buffer: SharedArrayBuffer, worker: number = this.sources.length): void {
    this.endSource(worker)
    this.sources.push({ slots: this.layout.view(buffer), worker, live: true })
  }

  runEvent(event: RunEvent): void {
    const { own, blocks } = this
    switch (event.type) {
      case 'run-started':
        return this.setRunStatus('running')
      case 'rollout-started':
        own[blocks.rolloutTargets.at(event.rollout)] = event.targets
        this.rates.set(event.rollout, new RolloutRate(event.at))
        return this.setRolloutStatus(event.rollout, 'IN_PROGRESS')
      case 'rollout-progress':
        this.setRolloutStatus(event.rollout, event.status)
        return this.setExecutions(event)
      case 'rollout-finished':
        this.setRolloutStatus(event.rollout, event.status)
        this.setExecutions(event)
        return this.setRate(event.rollout, 0, 0)
      case 'worker-lost':
        own[blocks.workersLost.base]!++
        return this.endSource(event.worker)
      case 'warning':
        own[blocks.warnings.base]!++
        return
      case 'run-finished':
        return this.setRunStatus(event.reason)
      case 'image-uploaded':
      case 'execution':
      case 'cloud-removed':
        return
    }
  }

  cloudRequest(request: CloudRequest): void {
    this.cloud.add(request)
    const service = CLOUD_SERVICES.indexOf(request.service)
    observe(this.own, this.blocks.cloudDuration.at(service), METRICS.cloudDuration.buckets, request.seconds)
  }

  health(workers: readonly WorkerHealth[]): void {
    const { own, blocks } = this
    for (const health of workers) {
      // The labels are bounded by the plan: a worker that it doesn't know has no series.
      if (health.worker >= this.context.workers) continue
      own[blocks.eventLoopLag.at(health.worker, P99)] = health.lagP99Ms / 1000
      own[blocks.eventLoopLag.at(health.worker, MAX)] = health.lagMaxMs / 1000
      own[blocks.clockSlip.at(health.worker, P99)] = health.slipP99Ms / 1000
      own[blocks.clockSlip.at(health.worker, MAX)] = health.slipMaxMs / 1000
      own[blocks.utilization.at(health.worker)] = health.utilization
      own[blocks.workerDevices.at(health.worker)] = health.devices
      // A worker that began anew counts from zero again; the sum goes on.
      const before = this.dropped.get(health.worker) ?? 0
      own[blocks.dropped.at(health.worker)]! += health.dropped >= before ? health.dropped - before : health.dropped
      this.dropped.set(health.worker, health.dropped)
    }
  }

  /** `name` is the threshold as written. */
  threshold(name: string, ok: boolean): void {
    const { thresholdOk } = this.blocks
    const series = thresholdOk.series.findIndex((labels) => labels['threshold'] === name)
    if (series === -1) throw new RangeError(`no threshold ${name}`)
    this.own[thresholdOk.at(series)] = ok ? 1 : 0
  }

  /** Simulated seconds since the run began. Time that goes back is ignored. */
  simulatedSeconds(seconds: number): void {
    const slot = this.blocks.simulatedSeconds.base
    this.own[slot] = Math.max(this.own[slot]!, seconds)
  }

  /** The exposition in Prometheus's text format. */
  metrics(): Promise<string> {
    return this.registry.metrics()
  }

  /** Serves `/metrics`, and a line about the run on `/`. Port 0 takes a free one. A port in use is a UserError with exit code 106. */
  listen(port: number, host: string): Promise<MetricsServer> {
    const { runId, scenario, seed } = this.run
    return serveMetrics(this.registry, `fleetsim run ${runId} of ${scenario}, seed ${seed}: metrics are at /metrics\n`, port, host)
  }

  private register(): void {
    const { scenario, seed, version } = this.run
    registerSamples(this.registry, RUN_INFO, () => [{ labels: { scenario, seed: String(seed), version }, value: 1 }])
    for (const key of Object.keys(METRICS) as MetricKey[]) {
      registerBlock(this.registry, this.blocks[key], key === 'devices' ? () => this.deviceStates() : () => this.sum(this.blocks[key]))
    }
    registerSamples(this.registry, CLOUD_REQUESTS, () => this.cloud.counts.map(({ labels, count }) => ({ labels, value: count })))
  }

  /** The slots of a block over all sources; gauges only over those whose worker lives. */
  private sum(block: Block): Float64Array {
    const total = this.own.slice(block.base, block.base + block.size)
    for (const source of this.sources) {
      if (block.metric.type === 'gauge' && !source.live) continue
      for (let slot = 0; slot < block.size; slot++) total[slot]! += source.slots[block.base + slot]!
    }
    return total
  }

  /** What no recorder has heard of is starting, so that the states of a group always add up to its size. */
  private deviceStates(): Float64Array {
    const total = this.sum(this.blocks.devices)
    for (const [group, { count }] of this.context.groups.entries()) {
      const states = total.subarray(group * DEVICE_STATES.length, (group + 1) * DEVICE_STATES.length)
      const heardOf = states.reduce((sum, devices) => sum + devices, 0)
      states[DEVICE_STATES.indexOf('starting')]! += Math.max(0, count - heardOf)
    }
    return total
  }

  private endSource(worker: number): void {
    for (const source of this.sources) if (source.worker === worker) source.live = false
  }

  private setExecutions(event: { readonly at: number; readonly rollout: number; readonly counts: ExecutionCounts }): void {
    const { own, blocks } = this
    for (const [index, status] of EXECUTION_STATUSES.entries()) own[blocks.jobExecutions.at(event.rollout, index)] = event.counts[status]
    const rates = this.rates.get(event.rollout)?.add(event.at, event.counts)
    this.setRate(event.rollout, rates?.created ?? 0, rates?.succeeded ?? 0)
  }

  private setRate(rollout: number, created: number, succeeded: number): void {
    this.own[this.blocks.rolloutRate.at(rollout, ACTUAL)] = created
    this.own[this.blocks.rolloutRate.at(rollout, SUCCEEDED)] = succeeded
  }

  private setRunStatus(status: (typeof RUN_STATUSES)[number]): void {
    this.setOne(this.blocks.runStatus.base, RUN_STATUSES.length, RUN_STATUSES.indexOf(status))
  }

  private setRolloutStatus(rollout: number, status: string): void {
    const index = ROLLOUT_STATUSES.indexOf(status as (typeof ROLLOUT_STATUSES)[number])
    this.setOne(this.blocks.rolloutStatus.at(rollout), ROLLOUT_STATUSES.length, index === -1 ? OTHER_STATUS : index)
  }

  /** Of `length` series from `slot` on, sets one to 1 and the others to 0. */
  private setOne(slot: number, length: number, index: number): void {
    this.own.fill(0, slot, slot + length)
    this.own[slot + index] = 1
  }
}
