import type { MessagePort } from 'node:worker_threads'
import type { DeviceEvent } from '../ports/events.ts'
import type { WorkerHealth } from '../ports/health.ts'
import type { MetricsContext } from '../metrics/labels.ts'
import type { Timeline } from '../clock/scaled.ts'
import type { ShardSpec } from './shard.ts'

/** What a worker is started with: one long task, which ends when it is told to stop. */
export interface WorkerTask {
  readonly worker: number
  readonly spec: ShardSpec
  readonly timeline: Timeline
  readonly mqtt: { readonly host: string; readonly port: number }
  readonly metrics: { readonly buffer: SharedArrayBuffer; readonly context: MetricsContext }
  readonly port: MessagePort
}

export type ToWorker = { readonly type: 'stop' }

export type FromWorker =
  | { readonly type: 'events'; readonly events: readonly DeviceEvent[] }
  | { readonly type: 'health'; readonly health: WorkerHealth }
