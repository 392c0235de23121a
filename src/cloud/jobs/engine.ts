import type { ExecutionStatus } from '../../ports/events.ts'
import type { CloudContext, RegistryChange } from '../context.ts'
import { metCriterion } from './abort.ts'
import {
  ABORT_REASON_CODE,
  abortComment,
  EMPTY_SNAPSHOT_COMPLETES,
  LEAVING_REMOVES_IN_PROGRESS,
  MERGE_STATUS_DETAILS,
  SERVICE_VERSION_STEP,
} from './choices.ts'
import { Deadlines } from './deadlines.ts'
import { Delivery } from './delivery.ts'
import { type DeviceReport, type Execution, isTerminal, type StatusDetails, type ThingExecutions } from './execution.ts'
import { ExecutionBook } from './execution-book.ts'
import { type CancelReason, Job, type JobConfig, type JobSpec } from './job.ts'
import { enqueue, prepareRollout } from './job-rollout.ts'
import { isTarget, startsAnew } from './membership.ts'
import { isRetried, retriesUsed } from './retries.ts'
import { distinctTargets, type Target } from './targets.ts'
import { deadlineMs, type ExecutionTimers, startedTimers, withStepTimeout } from './timers.ts'

/**
 * AWS IoT Jobs without sockets: jobs, executions, rollouts, timers, notifications. What may happen is checked by the operations
 * (jobs/, jobs-data/); the engine applies it, with everything that follows.
 */
export class JobsEngine {
  readonly #context: CloudContext
  readonly #jobs = new Map<string, Job>()
  /** Continuous jobs that follow the membership of their groups. */
  readonly #following = new Set<Job>()
  readonly #book = new ExecutionBook()
  readonly #delivery: Delivery
  readonly #deadlines: Deadlines

  constructor(context: CloudContext) {
    this.#context = context
    this.#delivery = new Delivery(context)
    this.#deadlines = new Deadlines(context.clock, (execution) => this.#end(execution, 'TIMED_OUT'))
    context.registry.onChange((change) => this.#registryChanged(change))
  }

  /** Forgets every job, as if just started. */
  reset(): void {
    for (const job of this.#jobs.values()) this.#retire(job)
    this.#jobs.clear()
    this.#book.clear()
    this.#deadlines.clear()
  }

  job(jobId: string): Job | undefined {
    return this.#jobs.get(jobId)
  }

  /** In order of creation. */
  jobs(): Iterable<Job> {
    return this.#jobs.values()
  }

  /** What a thing has to do; undefined when it never had an execution. */
  thing(name: string): ThingExecutions | undefined {
    return this.#book.thing(name)
  }

  /** The job document as a device gets it now, with URLs signed now. */
  documentFor(execution: Execution): string {
    return this.#delivery.documentFor(execution)
  }

  create(spec: JobSpec): Job {
    const { clock } = this.#context
    const job = new Job(spec, clock.now())
    this.#jobs.set(job.id, job)
    const { schedule } = job
    if (schedule?.endMs !== undefined) clock.wake(schedule.endMs, { wake: () => this.#endSchedule(job) }, 0)
    if (schedule?.startMs === undefined) this.#begin(job)
    else clock.wake(schedule.startMs, { wake: () => this.#startSchedule(job) }, 0)
    return job
  }

  /** Members that are undefined stay as they are. */
  update(job: Job, changes: JobConfig): void {
    job.pacer?.catchUp()
    const given = Object.entries(changes).filter(([, value]) => value !== undefined)
    job.config = { ...job.config, ...Object.fromEntries(given) }
    this.#touch(job)
    job.pacer?.catchUp()
  }

  /** Adds target groups to a continuous job. */
  associate(job: Job, targets: readonly Target[], comment: string | undefined): void {
    job.pacer?.catchUp()
    const known = new Set(job.targets.map(({ kind, name }) => `${kind}/${name}`))
    const added = distinctTargets(targets).filter(({ kind, name }) => !known.has(`${kind}/${name}`))
    job.targets = [...job.targets, ...added]
    if (comment !== undefined) job.comment = comment
    this.#touch(job)
    enqueue(job, added, this.#context.registry)
    job.pacer?.resume()
  }

  cancel(job: Job, { force, reasonCode, comment }: CancelReason): void {
    job.status = 'CANCELED'
    job.forceCanceled = force
    job.reasonCode = reasonCode
    job.comment = comment ?? job.comment
    job.completedAtMs = this.#context.clock.now()
    this.#touch(job)
    this.#retire(job)
    this.#cancelPending(job, force)
  }

  /** The job, its executions and everything that they count are gone. */
  delete(job: Job): void {
    job.status = 'DELETION_IN_PROGRESS'
    this.#retire(job)
    this.#jobs.delete(job.id)
    for (const execution of job.executions) if (!execution.deleted) this.#erase(execution)
  }

  cancelExecution(execution: Execution, force: boolean, statusDetails: StatusDetails | undefined): void {
    execution.forceCanceled = force
    if (statusDetails) this.#setDetails(execution, statusDetails)
    this.#end(execution, 'CANCELED')
  }

  deleteExecution(execution: Execution): void {
    this.#erase(execution)
    this.#completeIfDone(execution.job)
  }

  /** What a device reports of a pending execution; the version grows by 1. */
  report(execution: Execution, { status, statusDetails, stepTimeoutInMinutes }: DeviceReport): void {
    const nowMs = this.#context.clock.now()
    if (statusDetails) this.#setDetails(execution, statusDetails)
    execution.version++
    if (isTerminal(status)) return this.#finish(execution, status)
    const { head } = execution.thing
    if (execution.status === status) execution.lastUpdatedAt = Math.floor(nowMs / 1000)
    else {
      this.#book.move(execution, status, nowMs)
      this.#setTimers(execution, startedTimers(execution.job.config.timeoutConfig?.inProgressTimeoutInMinutes, nowMs))
    }
    this.setStepTimeout(execution, stepTimeoutInMinutes)
    this.#delivery.notify(execution.thing, false, head)
  }

  /** Replaces the step timer of a running execution; −1 discards it, undefined leaves it. The version stays. */
  setStepTimeout(execution: Execution, stepTimeoutInMinutes: number | undefined): void {
    if (stepTimeoutInMinutes === undefined) return
    this.#setTimers(execution, withStepTimeout(execution.timers, stepTimeoutInMinutes, this.#context.clock.now()))
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

  #begin(job: Job): void {
    job.status = 'IN_PROGRESS'
    this.#touch(job)
    if (job.targetSelection === 'CONTINUOUS') this.#following.add(job)
    prepareRollout(job, this.#context, {
      latest: (thing) => this.#book.thing(thing)?.of(job),
      release: (thing) => this.#release(job, thing),
      drained: () => this.#completeIfDone(job),
    })
    job.pacer?.catchUp()
  }

  #release(job: Job, thingName: string): void {
    const thing = this.#book.thingNamed(thingName)
    const { head } = thing
    job.notified++
    this.#book.open(job, thing, 0, this.#context.clock.now())
    this.#delivery.notify(thing, true, head)
  }

  /** An execution reached a terminal status on its own: abort, retry, and what the rollout makes of it. */
  #finish(execution: Execution, status: ExecutionStatus): void {
    const { job, thing } = execution
    const { head } = thing
    job.pacer?.catchUp()
    const nowMs = this.#context.clock.now()
    this.#book.move(execution, status, nowMs)
    if (status === 'SUCCEEDED') job.succeeded++
    if (job.followsFailures) {
      const met = metCriterion(job.config.abortConfig?.criteriaList ?? [], job.outcomes)
      if (met) {
        this.cancel(job, { force: false, reasonCode: ABORT_REASON_CODE, comment: abortComment(met.failureType, met.thresholdPercentage) })
      } else if (isRetried(job.config.jobExecutionsRetryConfig?.criteriaList ?? [], status, retriesUsed(execution))) {
        this.#book.open(job, thing, execution.retryAttempt + 1, nowMs)
      }
    }
    this.#delivery.notify(thing, true, head)
    if (status === 'SUCCEEDED') job.pacer?.catchUp()
    this.#completeIfDone(job)
  }

  /** The service ends a pending execution. A timeout has the consequences of a failure; the others have none. */
  #end(execution: Execution, status: 'TIMED_OUT' | 'CANCELED' | 'REMOVED'): void {
    execution.version += SERVICE_VERSION_STEP
    if (status === 'TIMED_OUT') return this.#finish(execution, status)
    const { head } = execution.thing
    this.#book.move(execution, status, this.#context.clock.now())
    this.#delivery.notify(execution.thing, true, head)
    this.#completeIfDone(execution.job)
  }

  #erase(execution: Execution): void {
    const { thing } = execution
    const { head } = thing
    const wasPending = !isTerminal(execution.status)
    this.#book.erase(execution)
    if (wasPending) this.#delivery.notify(thing, true, head)
  }

  #cancelPending(job: Job, force: boolean): void {
    for (const execution of job.executions) {
      if (execution.deleted || !(execution.status === 'QUEUED' || (force && execution.status === 'IN_PROGRESS'))) continue
      execution.forceCanceled = force
      this.#end(execution, 'CANCELED')
    }
  }

  #completeIfDone(job: Job): void {
    if (job.status !== 'IN_PROGRESS' || job.pendingCount > 0 || job.isRollingOut) return
    if (job.targetSelection === 'CONTINUOUS' && !job.isPastEnd) return
    if (job.notified === 0 && !job.isPastEnd && !EMPTY_SNAPSHOT_COMPLETES) return
    job.status = 'COMPLETED'
    job.completedAtMs = this.#context.clock.now()
    this.#touch(job)
    this.#retire(job)
  }

  /** No new executions from now on. */
  #retire(job: Job): void {
    job.pacer?.stop()
    job.queue?.clear()
    this.#following.delete(job)
  }

  #touch(job: Job): void {
    job.lastUpdatedAtMs = this.#context.clock.now()
  }

  #startSchedule(job: Job): void {
    if (job.status === 'SCHEDULED' && this.#jobs.get(job.id) === job) this.#begin(job)
  }

  #endSchedule(job: Job): void {
    if (!job.isActive || this.#jobs.get(job.id) !== job) return
    job.status = 'IN_PROGRESS'
    job.isPastEnd = true
    this.#retire(job)
    const behavior = job.schedule?.endBehavior
    if (behavior !== 'STOP_ROLLOUT') this.#cancelPending(job, behavior === 'FORCE_CANCEL')
    this.#completeIfDone(job)
  }

  #registryChanged(change: RegistryChange): void {
    if (change.type === 'deleted') this.#thingDeleted(change.thing)
    else for (const job of this.#following) this.#membershipChanged(job, change.thing)
  }

  /** Its executions go with it, and the jobs count again. */
  #thingDeleted(name: string): void {
    for (const latest of this.#book.thing(name)?.latest ?? []) {
      for (let execution: Execution | undefined = latest; execution; execution = execution.previous) this.#book.erase(execution)
      this.#completeIfDone(latest.job)
    }
    for (const job of this.#jobs.values()) if (job.status === 'IN_PROGRESS') job.pacer?.catchUp()
  }

  /** A thing that joins goes at once, outside the rate; a thing that leaves the last of its groups has its execution removed (§4.1). */
  #membershipChanged(job: Job, thing: string): void {
    const latest = this.#book.thing(thing)?.of(job)
    if (isTarget(job.targets, thing, this.#context.registry)) {
      if (startsAnew(latest)) this.#release(job, thing)
      else if (latest) latest.left = false
    } else if (latest && !latest.left) {
      latest.left = true
      if (latest.status === 'QUEUED' || (LEAVING_REMOVES_IN_PROGRESS && latest.status === 'IN_PROGRESS')) this.#end(latest, 'REMOVED')
    }
  }
}
