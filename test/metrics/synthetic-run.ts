import { Exporter } from '../../src/metrics/exporter.ts'
import type { MetricsContext } from '../../src/metrics/labels.ts'
import { Recorder } from '../../src/metrics/recorder.ts'
import { Slots } from '../../src/metrics/slots.ts'
import type { Fleet } from '../../src/ports/fleet.ts'
import { PHASES } from '../../src/ports/events.ts'
import type { DeviceEvent, ExecutionCounts, ExecutionStatus } from '../../src/ports/events.ts'

const fleet: Fleet = {
  size: 1000,
  groups: [
    { name: 'trackers', kind: 'tracker', first: 0, count: 800 },
    { name: 'gators', kind: 'data-gator', first: 800, count: 200 },
  ],
}

const context: MetricsContext = {
  groups: fleet.groups,
  faults: ['corrupt-image', 'hang'],
  rollouts: ['app'],
  thresholds: ['succeeded >= 95%', 'wrong_image == 0'],
  workers: 3,
  operations: [{ service: 'iot-jobs-data', name: 'UpdateJobExecution' }],
}

const CRC32 = 0xcafe
const TICK_SIMULATED_MS = 6000
const DEVICES_A_TICK = 5
/** The third worker dies after so many ticks. */
const WORKER_LOST_AT = 40

/** A run made of events alone, at 60 times real time when it ticks every 100 ms: each tick, some devices go through the whole update. */
export class SyntheticRun {
  readonly exporter = new Exporter(context, { runId: 'synthetic', scenario: 'exponential', seed: 42, version: '0.1.0' })
  private readonly recorders: readonly Recorder[]
  private readonly counts: Record<ExecutionStatus, number> = {
    QUEUED: 0,
    IN_PROGRESS: 0,
    SUCCEEDED: 0,
    FAILED: 0,
    TIMED_OUT: 0,
    REJECTED: 0,
    REMOVED: 0,
    CANCELED: 0,
  }
  private ticks = 0

  constructor() {
    this.recorders = Array.from({ length: context.workers }, () => {
      const buffer = new Slots(context).allocate()
      this.exporter.addSource(buffer)
      return new Recorder(buffer, context)
    })
    this.exporter.runEvent({ type: 'run-started', at: 0, scenario: 'exponential', seed: 42, devices: fleet.size })
    for (const recorder of this.recorders) {
      recorder.event({ type: 'image-uploaded', at: 0, image: 'app', version: '1.0.1', bytes: 245_760, crc32: CRC32 })
    }
  }

  tick(): void {
    const at = ++this.ticks * TICK_SIMULATED_MS
    if (this.ticks === 30) this.exporter.runEvent({ type: 'rollout-started', at, rollout: 0, update: 'job-1', targets: fleet.size })
    if (this.ticks > 30) {
      for (let device = 0; device < DEVICES_A_TICK; device++) this.update((this.ticks * DEVICES_A_TICK + device) % fleet.size, at)
      this.exporter.runEvent({ type: 'rollout-progress', at, rollout: 0, status: 'IN_PROGRESS', counts: this.counts as ExecutionCounts })
    }
    this.connect((this.ticks * 7) % fleet.size, at)
    if (this.ticks === WORKER_LOST_AT) this.exporter.runEvent({ type: 'worker-lost', at, worker: 2, devices: 333, reason: 'exit 1' })
    if (this.ticks % 10 === 0) this.exporter.runEvent({ type: 'warning', at, text: 'a warning' })
    this.observe(at)
  }

  private connect(device: number, at: number): void {
    this.emit({ type: 'booted', at, device, boots: 1, version: '1.0.0' })
    this.emit({ type: 'connect-failed', at, device, reason: 'refused' })
    this.emit({ type: 'connected', at, device, ms: 180 + device })
  }

  /** Most devices succeed; of every 25, one each fails, is bricked, rolls back, and lies. */
  private update(device: number, at: number): void {
    const fate = device % 25
    const emit = (event: DistributiveOmit<DeviceEvent, 'at' | 'device'>) => this.emit({ ...event, at, device } as DeviceEvent)
    this.connect(device, at - 60_000)
    this.emit({ type: 'picked-up', at: at - 50_000, device, update: 'job-1', ms: 700 })
    for (const phase of PHASES) emit({ type: 'phase', phase })
    emit({ type: 'downloaded', bytes: 245_760, ms: 8000 + device, retries: fate % 3 })
    if (fate === 1) emit({ type: 'fault', fault: 1, name: 'hang' })
    if (fate === 2) emit({ type: 'fault', fault: 0, name: 'corrupt-image' })
    emit({ type: 'flashed', version: '1.0.1', bytes: 245_760, crc32: fate === 2 ? CRC32 + 1 : CRC32 })
    emit({ type: 'disconnected', reason: 'closed' })
    if (fate === 3) emit({ type: 'bricked', reason: 'never booted' })
    if (fate === 4) emit({ type: 'rolled-back', from: '1.0.1', to: '1.0.0' })
    if (fate === 5) emit({ type: 'download-failed', reason: 'timeout', bytes: 1000 })
    const status = fate === 5 ? 'FAILED' : fate === 6 ? 'REJECTED' : 'SUCCEEDED'
    emit({ type: 'reported', update: 'job-1', status, accepted: fate !== 7, ...(status === 'SUCCEEDED' ? {} : { reason: 'crc32 mismatch' }) })
    emit({ type: 'settled' })
    this.counts[status]++
  }

  private observe(at: number): void {
    const { exporter } = this
    exporter.simulatedSeconds(at / 1000)
    exporter.threshold('wrong_image == 0', this.ticks < 60)
    exporter.threshold('succeeded >= 95%', this.ticks > 100)
    exporter.health(
      Array.from({ length: context.workers }, (_, worker) => ({
        worker,
        lagP99Ms: 5 + worker,
        lagMaxMs: 20,
        slipP99Ms: 2,
        slipMaxMs: 8,
        dropped: this.ticks >> 3,
        utilization: 0.4,
        devices: 333,
      })),
    )
    for (const recorder of this.recorders) {
      recorder.mqtt('in', 300)
      recorder.mqtt('out', 120)
      recorder.http(this.ticks % 20 === 0 ? '403' : '206', 2048)
    }
    exporter.cloudRequest({ service: 'iot-jobs-data', operation: 'UpdateJobExecution', code: 'ok', seconds: 0.0004 })
    exporter.cloudRequest({ service: 'iot-jobs-data', operation: 'UpdateJobExecution', code: 'VersionMismatch', seconds: 0.0002 })
    exporter.cloudRequest({ service: 'iot', operation: 'DescribeJob', code: 'ok', seconds: 0.003 })
  }

  private emit(event: DeviceEvent): void {
    this.recorders[event.device % this.recorders.length]!.event(event)
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
