import type { MetricsContext } from '../metrics/labels.ts'
import type { FromWorker, ToWorker, WorkerOrder } from './worker-protocol.ts'

/** A worker for a thread of another process. Memory can't be shared with it: the counters are a copy of what was counted so far. */
export type RemoteOrder = Omit<WorkerOrder, 'metrics'> & { readonly metrics: { readonly counters: Float64Array; readonly context: MetricsContext } }

export type ToFleetProcess =
  | { readonly type: 'run'; readonly order: RemoteOrder }
  | { readonly type: 'tell'; readonly worker: number; readonly message: ToWorker }

export type FromFleetProcess =
  | { readonly type: 'told'; readonly worker: number; readonly message: FromWorker }
  /** All counters of a worker as they are now: every second, and before its last word. */
  | { readonly type: 'counters'; readonly worker: number; readonly counters: Float64Array }
  | { readonly type: 'lost'; readonly worker: number; readonly reason: string }
