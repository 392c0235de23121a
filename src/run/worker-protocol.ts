import type { EventBatch } from '../ports/event-codec.ts'
import type { WorkerHealth } from '../ports/health.ts'
import type { MetricsContext } from '../metrics/labels.ts'
import type { Timeline } from '../clock/scaled.ts'
import type { DeviceCertificate } from '../controller/provision.ts'
import type { ShardSpec } from './shard.ts'
import type { WarmUp } from './warm-up.ts'

/** What a worker is started with: one long task, which ends when it is told to stop. */
export interface WorkerTask {
  readonly worker: number
  readonly spec: ShardSpec
  readonly cloud: CloudDoors
  readonly metrics: { readonly buffer: SharedArrayBuffer; readonly context: MetricsContext }
  readonly port: WorkerPort
}

/** What a worker needs of a MessagePort. */
export interface WorkerPort {
  postMessage(message: FromWorker, transfer: ArrayBuffer[]): void
  on(event: 'message', listener: (message: ToWorker) => void): unknown
}

/** The task before it has a thread or process. */
export type WorkerOrder = Omit<WorkerTask, 'port'>

/** How the devices of a worker reach the cloud. */
export interface CloudDoors {
  readonly host: string
  readonly port: number
  /** Mutual TLS on the MQTT door: the certificate of all devices, or that of each by its name. */
  readonly certificates?: { readonly shared: DeviceCertificate } | { readonly own: ReadonlyMap<string, DeviceCertificate> }
  /** PEM; what Node trusts when left out. For MQTT and HTTPS. */
  readonly ca?: string
  /** What MQTT is asked for by, on a port that serves other protocols, too. */
  readonly alpn?: string
  /** What a worker tries before it says that it is ready. */
  readonly probe: WarmUp
}

export type ToWorker =
  /** Time runs: switch the devices on. */
  | { readonly type: 'start'; readonly timeline: Timeline }
  /** A batch of events has been read. */
  | { readonly type: 'taken' }
  | { readonly type: 'stop' }

export type FromWorker =
  /** Everything is loaded, so that no device starts late because of it. */
  | { readonly type: 'ready' }
  | { readonly type: 'events'; readonly batch: EventBatch }
  | { readonly type: 'health'; readonly health: WorkerHealth }
  /** The last message: piscina puts the thread to sleep before it would tell that the port was closed. `dropped`: events that nobody read in time. */
  | { readonly type: 'stopped'; readonly dropped: number }
