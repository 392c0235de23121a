import type { MetricsContext } from '../metrics/labels.ts'
import type { FromWorker, ToWorker, WorkerOrder } from './worker-protocol.ts'

/** A worker for another process. Memory can't be shared with it: the counters are a copy of what was counted so far. */
export type RemoteOrder = Omit<WorkerOrder, 'metrics'> & { readonly metrics: { readonly counters: Float64Array; readonly context: MetricsContext } }

export type ToFleetProcess =
  /** The first message. */
  { readonly type: 'run'; readonly order: RemoteOrder } | { readonly type: 'tell'; readonly message: ToWorker }

export type FromFleetProcess =
  | { readonly type: 'told'; readonly message: FromWorker }
  /** All counters as they are now: every second, and before the worker's last word. */
  | { readonly type: 'counters'; readonly counters: Float64Array }
  /** The worker threw; the process ends. */
  | { readonly type: 'lost'; readonly reason: string }
