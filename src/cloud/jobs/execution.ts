import type { ExecutionStatus } from '../../ports/events.ts'
import { FIRST_VERSION } from './choices.ts'
import type { Job } from './job.ts'
import type { ExecutionTimers } from './timers.ts'

export type StatusDetails = Readonly<Record<string, string>>

/** What a device says of its execution. */
export interface DeviceReport {
  readonly status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'REJECTED'
  readonly statusDetails?: StatusDetails | undefined
  readonly stepTimeoutInMinutes?: number | undefined
}

/** One attempt of one thing at one job. There may be millions: the fields are fixed, and times are whole seconds since the epoch. */
export class Execution {
  readonly job: Job
  readonly thing: ThingExecutions
  readonly number: number
  readonly retryAttempt: number
  readonly queuedAt: number
  /** Order of creation over all jobs. */
  readonly sequence: number
  /** The attempt before this one, of the same thing at the same job. */
  previous: Execution | undefined
  status: ExecutionStatus = 'QUEUED'
  /** 0 until started. */
  startedAt = 0
  lastUpdatedAt: number
  version = FIRST_VERSION
  /** Undefined while empty. */
  statusDetails: StatusDetails | undefined = undefined
  /** Only while IN_PROGRESS with a timer. */
  timers: ExecutionTimers | undefined = undefined
  forceCanceled = false
  /** The thing is no longer a target of the (continuous) job. */
  left = false
  /** Deleted by the operator, or with its thing. */
  deleted = false

  constructor(job: Job, thing: ThingExecutions, number: number, retryAttempt: number, queuedAt: number, sequence: number, previous?: Execution) {
    this.job = job
    this.thing = thing
    this.number = number
    this.retryAttempt = retryAttempt
    this.queuedAt = queuedAt
    this.sequence = sequence
    this.previous = previous
    this.lastUpdatedAt = queuedAt
  }
}

const NONE: readonly Execution[] = []

/** What one thing has to do. Both lists are replaced, never changed in place. */
export class ThingExecutions {
  readonly name: string
  /** IN_PROGRESS first, then QUEUED, each in order of creation (§1.8). */
  pending: readonly Execution[] = NONE
  /** Most things have one execution, and keep it without a list: of a million that saves 56 MB. */
  #latest: Execution | readonly Execution[] = NONE

  constructor(name: string) {
    this.name = name
  }

  /** The latest execution for each job, in order of creation. */
  get latest(): readonly Execution[] {
    return this.#latest instanceof Execution ? [this.#latest] : this.#latest
  }

  set latest(executions: readonly Execution[]) {
    this.#latest = executions.length === 1 ? executions[0]! : executions
  }

  of(job: Job): Execution | undefined {
    if (this.#latest instanceof Execution) return this.#latest.job === job ? this.#latest : undefined
    return this.#latest.find((execution) => execution.job === job)
  }

  /** The execution that a device works on next. */
  get head(): Execution | undefined {
    return this.pending[0]
  }
}

export function isTerminal(status: ExecutionStatus): boolean {
  return status !== 'QUEUED' && status !== 'IN_PROGRESS'
}

/** The attempt with this number, searched from the latest back. */
export function attempt(latest: Execution | undefined, number: number): Execution | undefined {
  let execution = latest
  while (execution && execution.number !== number) execution = execution.previous
  return execution
}
