import type { CloudContext, RegistryChange } from '../context.ts'
import { metCriterion } from './abort.ts'
import {
  ABORT_REASON_CODE,
  abortComment,
  CONCURRENCY_REASON_CODE,
  DELETIONS_PER_SECOND,
  EMPTY_SNAPSHOT_COMPLETES,
  MAX_CONCURRENT_JOBS,
  RETENTION_DAYS,
} from './choices.ts'
import type { DeviceReport, Execution, StatusDetails, ThingExecutions } from './execution.ts'
import { Executions } from './executions.ts'
import { type CancelReason, Job, type JobConfig, type JobSpec } from './job.ts'
import { JobEvents } from './job-events.ts'
import { JobRecords } from './job-records.ts'
import { isRetried, retriesUsed } from './retries.ts'
import { Rollouts } from './rollouts.ts'
import { Schedules } from './schedules.ts'
import { distinctTargets, type Target } from './targets.ts'

const DAY_MS = 86_400_000

/**
 * AWS IoT Jobs without sockets: jobs and their rollouts; the life of their executions is in `Executions`. What may happen is checked by the operations
 * (jobs/, jobs-data/); the engine applies it, with everything that follows.
 */
export class JobsEngine {
  readonly #context: CloudContext
  readonly #jobs = new Map<string, Job>()
  readonly #records: JobRecords | undefined
  readonly #events: JobEvents
  readonly #executions: Executions
  readonly #rollouts: Rollouts
  readonly #schedules: Schedules
  #created = 0

  constructor(context: CloudContext) {
    this.#context = context
    this.#records = context.store && new JobRecords(context.store)
    this.#events = new JobEvents(context)
    this.#executions = new Executions(context, this.#records, this.#events, {
      ending: (job) => job.pacer?.catchUp(),
      ended: (execution) => this.#ended(execution),
      settled: (execution) => this.#settled(execution),
    })
    this.#rollouts = new Rollouts(context, this.#executions, this.#records, (job) => this.#completeIfDone(job))
    this.#schedules = new Schedules(context.clock, {
      isCurrent: (job) => this.#jobs.get(job.id) === job,
      open: (job) => this.#open(job),
      close: (job) => this.#close(job),
      end: (job) => this.#endSchedule(job),
    })
    context.registry.onChange((change) => this.#registryChanged(change))
    if (this.#records) this.#restore(this.#records)
  }

  /** Forgets every job, as if just started. */
  reset(): void {
    for (const job of this.#jobs.values()) this.#rollouts.retire(job)
    this.#jobs.clear()
    this.#executions.clear()
    this.#records?.clear()
  }

  /** Undefined also for a job that was over so long ago that AWS has forgotten it. */
  job(jobId: string): Job | undefined {
    const job = this.#jobs.get(jobId)
    return job?.completedAtMs !== undefined && this.#isForgotten(job) ? undefined : job
  }

  /** In order of creation. */
  jobs(): Iterable<Job> {
    for (const job of this.#jobs.values()) if (this.#isForgotten(job)) this.#drop(job)
    return this.#jobs.values()
  }

  /** What a thing has to do; undefined when it never had an execution. */
  thing(name: string): ThingExecutions | undefined {
    return this.#executions.thing(name)
  }

  /** The job document as a device gets it now, with URLs signed now. */
  documentFor(execution: Execution): string {
    return this.#executions.documentFor(execution)
  }

  create(spec: JobSpec): Job {
    const before = this.#jobs.get(spec.jobId)
    if (before) this.#drop(before)
    const job = new Job(spec, this.#context.clock.now())
    job.order = ++this.#created
    this.#jobs.set(job.id, job)
    this.#records?.putJob(job)
    if (job.schedule) this.#schedules.add(job)
    else this.#begin(job)
    return job
  }

  /** Members that are undefined stay as they are. */
  update(job: Job, changes: JobConfig): void {
    job.pacer?.catchUp()
    const given = Object.entries(changes).filter(([, value]) => value !== undefined)
    job.config = { ...job.config, ...Object.fromEntries(given) }
    this.#changed(job)
    job.pacer?.catchUp()
  }

  /** Adds target groups to a continuous job. */
  associate(job: Job, targets: readonly Target[], comment: string | undefined): void {
    job.pacer?.catchUp()
    const known = new Set(job.targets.map(({ kind, name }) => `${kind}/${name}`))
    const added = distinctTargets(targets).filter(({ kind, name }) => !known.has(`${kind}/${name}`))
    job.targets = [...job.targets, ...added]
    if (comment !== undefined) job.comment = comment
    this.#changed(job)
    this.#rollouts.enqueue(job, added)
    job.pacer?.resume()
  }

  cancel(job: Job, { force, reasonCode, comment }: CancelReason): void {
    job.comment = comment ?? job.comment
    this.#events.job(job, 'cancellation_in_progress')
    job.status = 'CANCELED'
    job.forceCanceled = force
    job.reasonCode = reasonCode
    job.completedAtMs = this.#context.clock.now()
    this.#changed(job)
    this.#rollouts.retire(job)
    this.#cancelPending(job, force)
    if (job.windows) this.#executions.relist(job)
    this.#events.job(job, 'canceled')
  }

  /** Its executions are gone at once; the job itself when AWS would have deleted them all. */
  delete(job: Job): void {
    job.status = 'DELETION_IN_PROGRESS'
    this.#events.job(job, 'deletion_in_progress')
    this.#rollouts.retire(job)
    const executions = job.executions.splice(0)
    for (const execution of executions) if (!execution.deleted) this.#executions.erase(execution)
    const seconds = Math.floor(executions.length / DELETIONS_PER_SECOND)
    if (seconds === 0) return this.#drop(job)
    job.goneAtMs = this.#context.clock.now() + seconds * 1000
    this.#changed(job)
    this.#dropLater(job)
  }

  cancelExecution(execution: Execution, force: boolean, statusDetails: StatusDetails | undefined): void {
    this.#executions.cancel(execution, force, statusDetails)
  }

  deleteExecution(execution: Execution): void {
    this.#executions.erase(execution)
    this.#completeIfDone(execution.job)
  }

  /** What a device reports of a pending execution; the version grows by 1. */
  report(execution: Execution, report: DeviceReport): void {
    this.#executions.report(execution, report)
  }

  /** Replaces the step timer of a running execution; −1 discards it, undefined leaves it. The version stays. */
  setStepTimeout(execution: Execution, stepTimeoutInMinutes: number | undefined): void {
    if (stepTimeoutInMinutes !== undefined) this.#executions.setStepTimeout(execution, stepTimeoutInMinutes)
  }

  #begin(job: Job): void {
    job.status = 'IN_PROGRESS'
    job.hasBegun = true
    this.#changed(job)
    this.#rollouts.begin(job)
  }

  /** An execution ended by its device or its timer: what the abort criteria make of it, and whether another attempt follows. */
  #ended(execution: Execution): boolean {
    const { job, status } = execution
    if (status === 'SUCCEEDED') job.succeeded++
    if (!job.followsFailures) return false
    const met = metCriterion(job.config.abortConfig?.criteriaList ?? [], job.outcomes)
    if (!met) return isRetried(job.config.jobExecutionsRetryConfig?.criteriaList ?? [], status, retriesUsed(execution))
    this.cancel(job, { force: false, reasonCode: ABORT_REASON_CODE, comment: abortComment(met.failureType, met.thresholdPercentage) })
    return false
  }

  #settled({ job, status }: Execution): void {
    if (status === 'SUCCEEDED') {
      job.pacer?.catchUp()
      this.#records?.putProgress(job)
    }
    this.#completeIfDone(job)
  }

  #cancelPending(job: Job, force: boolean): void {
    for (const execution of job.executions) {
      if (execution.deleted || !(execution.status === 'QUEUED' || (force && execution.status === 'IN_PROGRESS'))) continue
      this.#executions.cancel(execution, force)
    }
  }

  #completeIfDone(job: Job): void {
    if (!job.isActive || !(job.hasBegun || job.isPastEnd) || job.pendingCount > 0 || job.awaitsRollout) return
    if (job.targetSelection === 'CONTINUOUS' && !job.isPastEnd) return
    if (job.notified === 0 && !job.isPastEnd && !EMPTY_SNAPSHOT_COMPLETES) return
    job.status = 'COMPLETED'
    job.completedAtMs = this.#context.clock.now()
    this.#changed(job)
    this.#rollouts.retire(job)
    this.#events.job(job, 'completed')
  }

  #changed(job: Job): void {
    job.lastUpdatedAtMs = this.#context.clock.now()
    this.#records?.putJob(job)
  }

  #drop(job: Job): void {
    job.status = 'DELETION_IN_PROGRESS'
    for (const execution of job.executions.splice(0)) if (!execution.deleted) this.#executions.erase(execution)
    this.#jobs.delete(job.id)
    this.#records?.dropJob(job)
    this.#events.job(job, 'deleted')
  }

  #dropLater(job: Job): void {
    const wake = (): void => {
      if (this.#jobs.get(job.id) === job) this.#drop(job)
    }
    this.#context.clock.wake(job.goneAtMs!, { wake }, 0)
  }

  #isForgotten({ completedAtMs = Infinity }: Job): boolean {
    return this.#context.clock.now() - completedAtMs > RETENTION_DAYS * DAY_MS
  }
  /** The start has come, or a window opens. */
  #open(job: Job): void {
    if (job.hasBegun && job.status === 'IN_PROGRESS') return
    if (!job.hasBegun)
      return this.#isConcurrencyExhausted() ? this.cancel(job, { force: false, reasonCode: CONCURRENCY_REASON_CODE }) : this.#begin(job)
    job.status = 'IN_PROGRESS'
    this.#changed(job)
    this.#executions.relist(job)
    job.pacer?.resume()
  }

  #close(job: Job): void {
    if (job.status === 'SCHEDULED') return
    job.status = 'SCHEDULED'
    this.#changed(job)
    job.pacer?.pause()
    this.#executions.relist(job)
  }

  #endSchedule(job: Job): void {
    job.status = 'IN_PROGRESS'
    job.isPastEnd = true
    this.#changed(job)
    this.#rollouts.retire(job)
    const behavior = job.schedule?.endBehavior
    if (behavior !== 'STOP_ROLLOUT') this.#cancelPending(job, behavior === 'FORCE_CANCEL')
    if (job.windows) this.#executions.relist(job)
    this.#completeIfDone(job)
  }

  #isConcurrencyExhausted(): boolean {
    let concurrent = 0
    for (const job of this.#jobs.values()) if (job.isRollingOut) concurrent++
    return concurrent >= MAX_CONCURRENT_JOBS
  }

  #registryChanged(change: RegistryChange): void {
    if (change.type === 'deleted') this.#thingDeleted(change.thing)
    else this.#rollouts.membershipChanged(change.thing)
  }

  /** Its executions go with it, and the jobs count again. */
  #thingDeleted(name: string): void {
    for (const latest of this.#executions.eraseThing(name)) this.#completeIfDone(latest.job)
    for (const job of this.#jobs.values()) if (job.status === 'IN_PROGRESS') job.pacer?.catchUp()
  }

  /** Everything is as it was; what has become due in the meantime happens when the clock wakes. */
  #restore(records: JobRecords): void {
    const restored = records.jobs()
    for (const { job } of restored) this.#jobs.set(job.id, job)
    for (const kept of records.executions()) {
      const job = this.#jobs.get(kept.jobId)
      if (job) this.#executions.restore(job, kept)
    }
    for (const kept of restored) {
      const { job } = kept
      this.#created = job.order
      if (job.status === 'DELETION_IN_PROGRESS') this.#dropLater(job)
      if (!job.isActive) continue
      if (job.schedule) this.#schedules.restore(job)
      if (job.hasBegun && !job.isPastEnd) this.#rollouts.restore(kept)
    }
  }
}
