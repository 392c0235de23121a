import type { ExecutionStatus } from '../../ports/events.ts'
import type { CloudContext } from '../context.ts'
import { EVENT_FOR_EVERY_ATTEMPT, MERGE_STATUS_DETAILS, SERVICE_VERSION_STEP } from './choices.ts'
import { Deadlines } from './deadlines.ts'
import { Delivery } from './delivery.ts'
import { type DeviceReport, type Execution, isTerminal, type StatusDetails, type ThingExecutions } from './execution.ts'
import { ExecutionBook } from './execution-book.ts'
import type { Job } from './job.ts'
import type { JobEvents } from './job-events.ts'
import { executionFrom, type KeptExecution } from './job-records.ts'
import type { JobRecords } from './job-records.ts'
import { deadlineMs, type ExecutionTimers, startedTimers, withStepTimeout } from './timers.ts'

/** What an execution means to its job. */
export interface ExecutionHost {
  /** One is about to end by its device or by its timer. */
  ending(job: Job): void
  /** It has ended so. True: another attempt follows. */
  ended(execution: Execution): boolean
  /** One has ended, whoever ended it, and its thing was told. */
  settled(execution: Execution): void
}

/** The life of executions: what devices report, what the service ends, timers, and what things and records learn of it. */
export class Executions {
  readonly #context: CloudContext
  readonly #records: JobRecords | undefined
  readonly #events: JobEvents
  readonly #host: ExecutionHost
  readonly #book = new ExecutionBook()
  readonly #delivery: Delivery
  readonly #deadlines: Deadlines

  constructor(context: CloudContext, records: JobRecords | undefined, events: JobEvents, host: ExecutionHost) {
    this.#context = context
    this.#records = records
    this.#events = events
    this.#host = host
    this.#delivery = new Delivery(context)
    this.#deadlines = new Deadlines(context.clock, (execution) => this.end(execution, 'TIMED_OUT'))
  }

  thing(name: string): ThingExecutions | undefined {
    return this.#book.thing(name)
  }

  documentFor(execution: Execution): string {
    return this.#delivery.documentFor(execution)
  }

  /** A thing gets its first execution of a job, or starts anew. */
  release(job: Job, thingName: string): void {
    const thing = this.#book.thingNamed(thingName)
    const { pending } = thing
    job.notified++
    const execution = this.#book.open(job, thing, 0, this.#context.clock.now())
    this.#records?.putExecution(execution)
    this.#tell(execution, pending)
  }

  /** What a device reports of a pending execution; the version grows by 1. */
  report(execution: Execution, { status, statusDetails, stepTimeoutInMinutes }: DeviceReport): void {
    const nowMs = this.#context.clock.now()
    if (statusDetails) this.#setDetails(execution, statusDetails)
    execution.version++
    if (isTerminal(status)) return this.#finish(execution, status)
    const { thing } = execution
    const { head } = thing
    if (execution.status === status) execution.lastUpdatedAt = Math.floor(nowMs / 1000)
    else {
      this.#book.move(execution, status, nowMs)
      this.#setTimers(execution, startedTimers(execution.job.config.timeoutConfig?.inProgressTimeoutInMinutes, nowMs))
    }
    if (stepTimeoutInMinutes !== undefined) this.#setTimers(execution, withStepTimeout(execution.timers, stepTimeoutInMinutes, nowMs))
    this.#records?.putExecution(execution)
    this.#delivery.notify(thing, false, head)
  }

  /** Replaces the step timer of a running execution. The version stays. */
  setStepTimeout(execution: Execution, stepTimeoutInMinutes: number): void {
    this.#setTimers(execution, withStepTimeout(execution.timers, stepTimeoutInMinutes, this.#context.clock.now()))
    this.#records?.putExecution(execution)
  }

  cancel(execution: Execution, force: boolean, statusDetails?: StatusDetails): void {
    execution.forceCanceled = force
    if (statusDetails) this.#setDetails(execution, statusDetails)
    this.end(execution, 'CANCELED')
  }

  /** The service ends a pending execution. A timeout has the consequences of a failure; the others have none. */
  end(execution: Execution, status: 'TIMED_OUT' | 'CANCELED' | 'REMOVED'): void {
    execution.version += SERVICE_VERSION_STEP
    if (status === 'TIMED_OUT') return this.#finish(execution, status)
    const { pending } = execution.thing
    this.#book.move(execution, status, this.#context.clock.now())
    this.#records?.putExecution(execution)
    this.#events.ended(execution)
    this.#tell(execution, pending)
    this.#host.settled(execution)
  }

  /** The thing has left the targets of a continuous job, or come back. */
  setLeft(execution: Execution, left: boolean): void {
    execution.left = left
    this.#records?.putExecution(execution)
  }

  /** It disappears. Its number is not given again while the job exists. */
  erase(execution: Execution): void {
    const { thing, job, number } = execution
    const { pending } = thing
    if (job.status !== 'DELETION_IN_PROGRESS') {
      job.deletedNumbers ??= new Map()
      job.deletedNumbers.set(thing.name, Math.max(number, job.deletedNumbers.get(thing.name) ?? 0))
      this.#records?.putDeletedNumber(job, thing.name)
    }
    this.#book.erase(execution)
    this.#records?.dropExecution(execution)
    this.#events.deleted(execution)
    this.#tell(execution, pending)
  }

  /** The executions of a thing that is gone. Returns the latest of each job. */
  eraseThing(name: string): readonly Execution[] {
    const latest = this.#book.thing(name)?.latest ?? []
    for (const newest of latest)
      for (let execution: Execution | undefined = newest; execution; execution = execution.previous) {
        this.#book.erase(execution)
        this.#records?.dropExecution(execution)
        this.#events.deleted(execution)
      }
    return latest
  }

  /** What is pending of a job enters the lists of its things or leaves them, as the job says now. */
  relist(job: Job): void {
    for (const execution of job.executions) {
      if (execution.deleted || isTerminal(execution.status)) continue
      const { pending } = execution.thing
      if (pending.includes(execution) === job.isListed) continue
      this.#book.list(execution)
      this.#tell(execution, pending)
    }
  }

  /** An execution of before; they come in order of creation. Its timers go on. */
  restore(job: Job, kept: KeptExecution): void {
    const thing = this.#book.thingNamed(kept.thing)
    const execution = executionFrom(kept, job, thing)
    this.#book.enter(execution)
    this.#deadlines.moved(execution, Infinity)
  }

  clear(): void {
    this.#book.clear()
    this.#deadlines.clear()
  }

  /** An execution reached a terminal status on its own. */
  #finish(execution: Execution, status: ExecutionStatus): void {
    const { job, thing } = execution
    const { pending } = thing
    this.#host.ending(job)
    const nowMs = this.#context.clock.now()
    this.#book.move(execution, status, nowMs)
    this.#records?.putExecution(execution)
    if (EVENT_FOR_EVERY_ATTEMPT) this.#events.ended(execution)
    const isRetried = this.#host.ended(execution)
    if (isRetried) {
      const next = this.#book.open(job, thing, execution.retryAttempt + 1, nowMs)
      this.#records?.putExecution(next)
    } else if (!EVENT_FOR_EVERY_ATTEMPT) this.#events.ended(execution)
    this.#tell(execution, pending)
    this.#host.settled(execution)
  }

  /** Tells the thing what became of its list. `before` is the list that it had. */
  #tell(execution: Execution, before: readonly Execution[]): void {
    const { thing, job } = execution
    if (job.namespaceId !== undefined) this.#delivery.notifyNamespace(thing.of(job) ?? execution, job.namespaceId)
    else if (thing.pending !== before) this.#delivery.notify(thing, true, before[0])
  }

  #setTimers(execution: Execution, timers: ExecutionTimers | undefined): void {
    const beforeMs = deadlineMs(execution.timers)
    execution.timers = timers
    this.#deadlines.moved(execution, beforeMs)
  }

  #setDetails(execution: Execution, given: StatusDetails): void {
    const details = MERGE_STATUS_DETAILS ? { ...execution.statusDetails, ...given } : given
    execution.statusDetails = Object.keys(details).length === 0 ? undefined : details
  }
}
