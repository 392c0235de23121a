import { EXECUTION_STATUSES, PHASES } from '../ports/events.ts'
import { REASONS } from './reasons.ts'

/** What bounds the labels of one run: known before the first device starts, so that every series can begin at zero. */
export interface MetricsContext {
  /** The groups of the fleet; `fleet.groups` fits. */
  readonly groups: readonly { readonly name: string; readonly count: number }[]
  /** The kind of each fault, by its index in the scenario. Faults of one kind share a series. */
  readonly faults: readonly string[]
  /** A name for each rollout, by its index in the scenario; no two alike. */
  readonly rollouts: readonly string[]
  /** The thresholds as written. */
  readonly thresholds: readonly string[]
  readonly workers: number
  /** The operations of the embedded cloud. One that is missing here gets its series with its first request. */
  readonly operations?: readonly { readonly service: string; readonly name: string }[]
}

export interface Label {
  readonly name: string
  readonly values: (context: MetricsContext) => readonly string[]
  /** The values, when they are the same for every run; otherwise where they come from. */
  readonly known: readonly string[] | string
}

/** What a device is doing, in the order in which the first that applies is its state. */
export const DEVICE_STATES = ['bricked', 'starting', 'updating', 'connected', 'disconnected'] as const
export type DeviceState = (typeof DEVICE_STATES)[number]

export const HARMS = ['rolled_back', 'bricked', 'wrong_image'] as const
export const FAILURE_STAGES = ['connect', 'download', 'report', 'brick'] as const
export const HTTP_RESULTS = ['2xx', '3xx', '4xx', '5xx', 'reset', 'closed', 'refused', 'timeout', 'aborted', 'other'] as const
/** Those of AWS's jobs, and TIMED_OUT for a rollout without a job whose deadline has come. */
export const ROLLOUT_STATUSES = [
  'PENDING',
  'SCHEDULED',
  'IN_PROGRESS',
  'COMPLETED',
  'CANCELED',
  'TIMED_OUT',
  'DELETION_IN_PROGRESS',
  'other',
] as const
export const RUN_STATUSES = ['starting', 'running', 'completed', 'time-limit', 'interrupted', 'error'] as const
export const CLOUD_SERVICES = ['iot', 'iot-jobs-data', 'iotdata', 's3', 'olt'] as const

export const group = of('group', 'the groups of the fleet', (context) => context.groups.map(({ name }) => name))
export const rollout = of('rollout', 'the rollouts of the scenario', (context) => context.rollouts)
export const fault = of('fault', 'the kinds of faults in the scenario', (context) => [...new Set(context.faults)])
export const threshold = of('threshold', 'the thresholds of the scenario', (context) => [...new Set(context.thresholds)])
export const worker = of('worker', 'the workers, from 0', (context) => Array.from({ length: context.workers }, (_, index) => String(index)))

export const state = oneOf('state', DEVICE_STATES)
export const harm = oneOf('harm', HARMS)
export const okOrFailed = oneOf('result', ['ok', 'failed'])
export const httpResult = oneOf('result', HTTP_RESULTS)
export const direction = oneOf('direction', ['in', 'out'])
export const phase = oneOf('phase', PHASES)
export const image = oneOf('image', ['right', 'wrong', 'unknown'])
export const stage = oneOf('stage', FAILURE_STAGES)
export const reason = oneOf('reason', REASONS)
export const executionStatus = oneOf('status', EXECUTION_STATUSES)
export const accepted = oneOf('accepted', ['true', 'false'])
export const rolloutStatus = oneOf('status', ROLLOUT_STATUSES)
export const runStatus = oneOf('status', RUN_STATUSES)
export const rateKind = oneOf('kind', ['actual', 'succeeded'])
export const stat = oneOf('stat', ['p99', 'max'])
export const service = oneOf('service', CLOUD_SERVICES)

function of(name: string, known: string, values: Label['values']): Label {
  return { name, known, values }
}

function oneOf(name: string, known: readonly string[]): Label {
  return { name, known, values: () => known }
}
