import type { ExecutionStatus } from '../../ports/events.ts'
import type { AbortCriterion, Outcomes } from './abort.ts'
import type { Execution } from './execution.ts'
import type { JobDocument } from './job-document.ts'
import { MaintenanceWindows } from './maintenance-windows.ts'
import type { Pacer } from './pacer.ts'
import type { RetryCriterion } from './retries.ts'
import type { RolloutConfig } from './rollout.ts'
import type { RolloutQueue } from './rollout-queue.ts'
import type { Schedule } from './schedule.ts'
import type { Target } from './targets.ts'

export type JobStatus = 'IN_PROGRESS' | 'CANCELED' | 'COMPLETED' | 'DELETION_IN_PROGRESS' | 'SCHEDULED'
export type TargetSelection = 'SNAPSHOT' | 'CONTINUOUS'

/** What UpdateJob can change; each member is AWS's, and replaces the old one as a whole. */
export interface JobConfig {
  readonly description?: string | undefined
  readonly presignedUrlConfig?: { readonly roleArn?: string | undefined; readonly expiresInSec?: number | undefined } | undefined
  readonly jobExecutionsRolloutConfig?: RolloutConfig | undefined
  readonly abortConfig?: { readonly criteriaList: readonly AbortCriterion[] } | undefined
  readonly timeoutConfig?: { readonly inProgressTimeoutInMinutes?: number | undefined } | undefined
  readonly jobExecutionsRetryConfig?: { readonly criteriaList: readonly RetryCriterion[] } | undefined
}

/** A valid request for a new job. */
export interface JobSpec {
  readonly jobId: string
  readonly targets: readonly Target[]
  readonly targetSelection: TargetSelection
  readonly document: JobDocument
  readonly documentSource?: string | undefined
  readonly config: JobConfig
  readonly schedule?: Schedule | undefined
  readonly jobTemplateArn?: string | undefined
  /** What the parameters of a managed template were filled in with. */
  readonly documentParameters?: Readonly<Record<string, string>> | undefined
  readonly namespaceId?: string | undefined
  readonly destinationPackageVersions?: readonly string[] | undefined
}

export interface CancelReason {
  readonly force: boolean
  readonly reasonCode?: string | undefined
  readonly comment?: string | undefined
}

/** A job and everything that it counts. The engine changes it; everybody else reads. */
export class Job {
  readonly id: string
  readonly targetSelection: TargetSelection
  readonly document: JobDocument
  readonly documentSource: string | undefined
  readonly schedule: Schedule | undefined
  readonly jobTemplateArn: string | undefined
  readonly documentParameters: Readonly<Record<string, string>> | undefined
  readonly namespaceId: string | undefined
  readonly destinationPackageVersions: readonly string[] | undefined
  readonly createdAtMs: number
  /** Outside of them the job is SCHEDULED, and devices see nothing of it. */
  readonly windows: MaintenanceWindows | undefined
  /** Order of creation. */
  order = 0
  targets: readonly Target[]
  config: JobConfig
  status: JobStatus
  lastUpdatedAtMs: number
  completedAtMs: number | undefined
  forceCanceled = false
  reasonCode: string | undefined
  comment: string | undefined
  /** Things by the status of their latest execution. */
  readonly counts: Record<ExecutionStatus, number> = {
    QUEUED: 0,
    IN_PROGRESS: 0,
    SUCCEEDED: 0,
    FAILED: 0,
    TIMED_OUT: 0,
    REJECTED: 0,
    REMOVED: 0,
    CANCELED: 0,
  }
  /** Things by how they ended, for the abort criteria. */
  readonly outcomes: Outcomes = { SUCCEEDED: 0, FAILED: 0, REJECTED: 0, TIMED_OUT: 0 }
  /** Since the job began, retries not counted. Neither ever falls. */
  notified = 0
  succeeded = 0
  /** In order of creation, deleted ones included. */
  readonly executions: Execution[] = []
  /** Things in the targets that were not reached yet; undefined until the job has begun. */
  queue: RolloutQueue | undefined
  pacer: Pacer | undefined
  /** The highest execution number that was deleted, by thing: no number comes twice. Undefined while there is none. */
  deletedNumbers: Map<string, number> | undefined
  /** The rollout has started once. */
  hasBegun = false
  /** When a job that is DELETION_IN_PROGRESS disappears. */
  goneAtMs: number | undefined
  /** The end of its schedule has come. */
  isPastEnd = false

  constructor(spec: JobSpec, nowMs: number) {
    this.id = spec.jobId
    this.targets = spec.targets
    this.targetSelection = spec.targetSelection
    this.document = spec.document
    this.documentSource = spec.documentSource
    this.schedule = spec.schedule
    this.jobTemplateArn = spec.jobTemplateArn
    this.documentParameters = spec.documentParameters
    this.namespaceId = spec.namespaceId
    this.destinationPackageVersions = spec.destinationPackageVersions
    this.config = spec.config
    const windows = spec.schedule?.maintenanceWindows
    this.windows = windows && windows.length > 0 ? new MaintenanceWindows(windows) : undefined
    this.status = spec.schedule?.startMs === undefined && !this.windows ? 'IN_PROGRESS' : 'SCHEDULED'
    this.createdAtMs = nowMs
    this.lastUpdatedAtMs = nowMs
  }

  /** AWS's word: executions exist or may come. */
  get isActive(): boolean {
    return this.status === 'IN_PROGRESS' || this.status === 'SCHEDULED'
  }

  /** Things wait for their execution. */
  get awaitsRollout(): boolean {
    return this.queue?.peek() !== undefined
  }

  get isRollingOut(): boolean {
    return this.status === 'IN_PROGRESS' && this.awaitsRollout
  }

  /** Whether its executions are in the pending lists of their things: those of a namespace never are, those of windows while one is open. A device that knows the id of the job can report at any time. */
  get isListed(): boolean {
    return this.namespaceId === undefined && (this.windows === undefined || this.status !== 'SCHEDULED')
  }

  /** Whether a failure still has consequences: not when the job was canceled, by hand or by the end of its schedule. */
  get followsFailures(): boolean {
    return this.isActive && !(this.isPastEnd && this.schedule?.endBehavior !== 'STOP_ROLLOUT')
  }

  get pendingCount(): number {
    return this.counts.QUEUED + this.counts.IN_PROGRESS
  }
}
