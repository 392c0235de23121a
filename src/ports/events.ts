/**
 * Everything that happened in a run, as plain records. Metrics, live view, journal, report and thresholds are folds over them.
 * `at` is milliseconds of simulated time since the run began. `device` is the index in the plan (see `run/plan.ts`), never a name.
 */
export type Event = DeviceEvent | RunEvent

/** The steps of an update that faults can be attached to and that the report times. */
export type Phase = 'connect' | 'pickup' | 'download' | 'install' | 'reboot' | 'self-test'

export const PHASES: readonly Phase[] = ['connect', 'pickup', 'download', 'install', 'reboot', 'self-test']

/** AWS's own execution statuses. */
export type ExecutionStatus = 'QUEUED' | 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'REJECTED' | 'REMOVED' | 'CANCELED'

export const EXECUTION_STATUSES: readonly ExecutionStatus[] = [
  'QUEUED',
  'IN_PROGRESS',
  'SUCCEEDED',
  'FAILED',
  'TIMED_OUT',
  'REJECTED',
  'REMOVED',
  'CANCELED',
]

/** How many executions of a job are in each state, per thing (DescribeJob's `jobProcessDetails`). */
export type ExecutionCounts = Readonly<Record<ExecutionStatus, number>>

/** What only a simulator sees as it happens: the device goes on and tells nobody. Others are found by the report, out of several events. */
type Finding =
  /** A notification of the update that the device is starting already. */
  | 'duplicate-notification'
  /** A message about a job that the device has no room for: it stays as it was. */
  | 'message-too-long'
  /** A gateway confirmed an image that it did not get. */
  | 'receipt-without-image'

interface OfDevice {
  readonly at: number
  readonly device: number
}

export type DeviceEvent =
  /** A program started. `boots` counts from 1. */
  | (OfDevice & { type: 'booted'; boots: number; version: string })
  /** CONNACK; `ms` from the first attempt of this connect to the CONNACK, in simulated time. */
  | (OfDevice & { type: 'connected'; ms: number })
  | (OfDevice & { type: 'connect-failed'; reason: string })
  | (OfDevice & { type: 'disconnected'; reason: string })
  /** The device learned of an update (a job document, a firmware_image message, a new version on the gateway). `update` is the job id or file name;
   *  `ms` the time since the cloud queued it for the device, where the device knows that (`queuedAt` of a job execution). */
  | (OfDevice & { type: 'picked-up'; update: string; ms?: number })
  | (OfDevice & { type: 'phase'; phase: Phase })
  | (OfDevice & { type: 'downloaded'; bytes: number; ms: number; retries: number })
  | (OfDevice & { type: 'download-failed'; reason: string; bytes: number })
  /** An image was written and set to boot: what the simulator knows of its bytes, whatever the device believes. */
  | (OfDevice & { type: 'flashed'; version: string; bytes: number; crc32: number })
  /** The cloud took (`accepted`) or refused the device's terminal report. For kinds without jobs: what the device told its gateway. */
  | (OfDevice & { type: 'reported'; update: string; status: ExecutionStatus; accepted: boolean; reason?: string })
  /** The device proved to the cloud which version it runs (shadow, telemetry). */
  | (OfDevice & { type: 'running'; version: string })
  /** The boot loader went back to the old image. */
  | (OfDevice & { type: 'rolled-back'; from: string; to: string })
  /** The device will never run again. `plugin`: a user's own module failed, and this is its file; nothing befell the device it stands for. */
  | (OfDevice & { type: 'bricked'; reason: string; plugin?: string })
  | (OfDevice & { type: 'finding'; finding: Finding; update?: string })
  /** A fault of the scenario struck; `fault` is its index in the scenario. */
  | (OfDevice & { type: 'fault'; fault: number; name: string })
  /** The device will do nothing more in this update: done, gave up, or dead. Lets the run know when to stop waiting. */
  | (OfDevice & { type: 'settled' })

interface OfRun {
  readonly at: number
}

export type RunEvent =
  | (OfRun & { type: 'run-started'; scenario: string; seed: number; devices: number })
  | (OfRun & { type: 'image-uploaded'; image: string; version: string; bytes: number; crc32: number })
  /** `rollout` is the index in the scenario; `update` the job id, or the file name of a `firmwareImage` rollout. */
  | (OfRun & { type: 'rollout-started'; rollout: number; update: string; targets: number })
  /** What DescribeJob said; for a rollout without a job, the controller's own count. */
  | (OfRun & { type: 'rollout-progress'; rollout: number; status: string; counts: ExecutionCounts })
  | (OfRun & { type: 'rollout-finished'; rollout: number; status: string; reason?: string; counts: ExecutionCounts })
  /** The last status of one target, as ListJobExecutionsForJob gives it. A target without one was never notified. */
  | (OfRun & { type: 'execution'; rollout: number; device: number; status: ExecutionStatus; attempts: number })
  | (OfRun & { type: 'cloud-removed'; resources: number })
  | (OfRun & { type: 'worker-lost'; worker: number; devices: number; reason: string })
  | (OfRun & { type: 'warning'; text: string })
  | (OfRun & { type: 'run-finished'; reason: RunEnd })

/** Why a run ended: everything settled, the time limit of the scenario, Ctrl-C, or an error in the cloud or the controller. */
export type RunEnd = 'completed' | 'time-limit' | 'interrupted' | 'error'

/** Told by the type, the most frequent first: faster than to look for a member in records of this many shapes. */
export function isOfDevice(event: Event): event is DeviceEvent {
  switch (event.type) {
    case 'phase':
    case 'booted':
    case 'connected':
    case 'running':
    case 'picked-up':
    case 'downloaded':
    case 'flashed':
    case 'reported':
    case 'settled':
    case 'disconnected':
    case 'connect-failed':
    case 'download-failed':
    case 'rolled-back':
    case 'bricked':
    case 'finding':
    case 'fault':
      return true
    case 'execution':
    case 'run-started':
    case 'image-uploaded':
    case 'rollout-started':
    case 'rollout-progress':
    case 'rollout-finished':
    case 'cloud-removed':
    case 'worker-lost':
    case 'warning':
    case 'run-finished':
      return false
  }
}

export type EventSink = (event: Event) => void
