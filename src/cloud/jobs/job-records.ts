import type { Store, Table } from '../store/store.ts'
import { Execution, type ThingExecutions } from './execution.ts'
import { Job, type JobSpec } from './job.ts'
import { JobDocument } from './job-document.ts'
import type { Pace } from './pacer.ts'

/** What is kept of a job; what changes with every execution is in its progress. */
interface KeptJob extends Omit<JobSpec, 'document'> {
  readonly document: string
  readonly beforeSubstitution: string
  readonly createdAtMs: number
  readonly order: number
  readonly status: Job['status']
  readonly lastUpdatedAtMs: number
  readonly completedAtMs: number | undefined
  readonly forceCanceled: boolean
  readonly reasonCode: string | undefined
  readonly comment: string | undefined
  readonly hasBegun: boolean
  readonly isPastEnd: boolean
  readonly goneAtMs: number | undefined
}

interface KeptProgress {
  readonly notified: number
  readonly succeeded: number
  /** Things that left the queue of the rollout, and its pace; undefined before it begins. */
  readonly taken: number
  readonly pace: Pace | undefined
}

export interface KeptExecution {
  readonly jobId: string
  readonly thing: string
  readonly number: number
  readonly retryAttempt: number
  readonly sequence: number
  readonly queuedAt: number
  readonly startedAt: number
  readonly lastUpdatedAt: number
  readonly status: Execution['status']
  readonly version: number
  readonly statusDetails: Execution['statusDetails']
  /** Undefined: that timer is off. */
  readonly inProgressAtMs: number | undefined
  readonly stepAtMs: number | undefined
  readonly forceCanceled: boolean
  readonly left: boolean
}

/** Things that wait for their execution, in the order of their records. */
interface KeptWaiting {
  readonly targetArn: string
  readonly things: readonly string[]
}

/** Things in one record of a queue. */
const WAITING_CHUNK = 1000

/** A job as it was, with the rest of what its rollout needs to go on. */
export interface RestoredJob {
  readonly job: Job
  readonly waiting: readonly KeptWaiting[]
  readonly taken: number
  readonly pace: Pace | undefined
}

/** Jobs in the store of the cloud. */
export class JobRecords {
  readonly #jobs: Table<KeptJob>
  readonly #progress: Table<KeptProgress>
  readonly #executions: Table<KeptExecution>
  readonly #waiting: Table<KeptWaiting>
  readonly #deletedNumbers: Table<number>
  /** Records in the queue of a job. */
  readonly #chunks = new Map<string, number>()
  /** What was put last: the sum of its numbers, none of which ever falls. */
  readonly #progressed = new Map<string, number>()

  constructor(store: Store) {
    this.#jobs = store.table('jobs')
    this.#progress = store.table('job-progress')
    this.#executions = store.table('job-executions')
    this.#waiting = store.table('job-queues')
    this.#deletedNumbers = store.table('job-execution-numbers')
  }

  putJob(job: Job): void {
    this.#jobs.put(job.id, {
      jobId: job.id,
      targets: job.targets,
      targetSelection: job.targetSelection,
      document: job.document.text,
      beforeSubstitution: job.document.beforeSubstitution,
      documentSource: job.documentSource,
      config: job.config,
      schedule: job.schedule,
      jobTemplateArn: job.jobTemplateArn,
      documentParameters: job.documentParameters,
      namespaceId: job.namespaceId,
      destinationPackageVersions: job.destinationPackageVersions,
      createdAtMs: job.createdAtMs,
      order: job.order,
      status: job.status,
      lastUpdatedAtMs: job.lastUpdatedAtMs,
      completedAtMs: job.completedAtMs,
      forceCanceled: job.forceCanceled,
      reasonCode: job.reasonCode,
      comment: job.comment,
      hasBegun: job.hasBegun,
      isPastEnd: job.isPastEnd,
      goneAtMs: job.goneAtMs,
    })
  }

  /** How far the rollout is, if it is further than before. */
  putProgress({ id, notified, succeeded, queue, pacer }: Job): void {
    const taken = queue?.taken ?? 0
    const pace = pacer?.pace
    const sum = notified + succeeded + taken + (pace?.second ?? 0)
    if (this.#progressed.get(id) === sum) return
    this.#progressed.set(id, sum)
    this.#progress.put(id, { notified, succeeded, taken, pace })
  }

  putExecution(execution: Execution): void {
    const { job, thing, timers } = execution
    this.#executions.put(keyOf(execution), {
      jobId: job.id,
      thing: thing.name,
      number: execution.number,
      retryAttempt: execution.retryAttempt,
      sequence: execution.sequence,
      queuedAt: execution.queuedAt,
      startedAt: execution.startedAt,
      lastUpdatedAt: execution.lastUpdatedAt,
      status: execution.status,
      version: execution.version,
      statusDetails: execution.statusDetails,
      inProgressAtMs: timers && finite(timers.inProgressAtMs),
      stepAtMs: timers && finite(timers.stepAtMs),
      forceCanceled: execution.forceCanceled,
      left: execution.left,
    })
  }

  dropExecution(execution: Execution): void {
    this.#executions.delete(keyOf(execution))
  }

  putDeletedNumber(job: Job, thing: string): void {
    this.#deletedNumbers.put(`${job.id}/${thing}`, job.deletedNumbers!.get(thing)!)
  }

  /** More things wait. */
  putWaiting(job: Job, targetArn: string, things: readonly string[]): void {
    let chunks = this.#chunks.get(job.id) ?? 0
    for (let from = 0; from < things.length; from += WAITING_CHUNK)
      this.#waiting.put(chunkKey(job.id, chunks++), { targetArn, things: things.slice(from, from + WAITING_CHUNK) })
    this.#chunks.set(job.id, chunks)
  }

  /** Nothing waits any more. */
  dropWaiting(job: Job): void {
    for (let chunk = this.#chunks.get(job.id) ?? 0; chunk > 0; chunk--) this.#waiting.delete(chunkKey(job.id, chunk - 1))
    this.#chunks.delete(job.id)
  }

  /** Its executions are dropped one by one. */
  dropJob(job: Job): void {
    this.dropWaiting(job)
    for (const thing of job.deletedNumbers?.keys() ?? []) this.#deletedNumbers.delete(`${job.id}/${thing}`)
    this.#progress.delete(job.id)
    this.#progressed.delete(job.id)
    this.#jobs.delete(job.id)
  }

  clear(): void {
    this.#chunks.clear()
    this.#progressed.clear()
  }

  /** Every job, in order of creation. */
  jobs(): RestoredJob[] {
    const progress = new Map(this.#progress.entries())
    const waiting = byJob(this.#waiting)
    const numbers = byJob(this.#deletedNumbers)
    const kept = [...this.#jobs.entries()].map(([, record]) => record).toSorted((one, other) => one.order - other.order)
    return kept.map((record) => {
      const job = jobFrom(record)
      const { notified, succeeded, taken, pace } = progress.get(job.id) ?? { notified: 0, succeeded: 0, taken: 0, pace: undefined }
      job.notified = notified
      job.succeeded = succeeded
      for (const [key, number] of numbers.get(job.id) ?? []) (job.deletedNumbers ??= new Map()).set(key.slice(job.id.length + 1), number)
      const chunks = waiting.get(job.id) ?? []
      this.#chunks.set(job.id, chunks.length)
      return { job, waiting: chunks.map(([, chunk]) => chunk), taken, pace }
    })
  }

  /** Every execution, in order of creation. */
  executions(): KeptExecution[] {
    return [...this.#executions.entries()].map(([, record]) => record).sort((one, other) => one.sequence - other.sequence)
  }
}

export function executionFrom(kept: KeptExecution, job: Job, thing: ThingExecutions): Execution {
  const { inProgressAtMs = Infinity, stepAtMs = Infinity } = kept
  const execution = new Execution(job, thing, kept.number, kept.retryAttempt, kept.queuedAt, kept.sequence, thing.of(job))
  execution.startedAt = kept.startedAt
  execution.lastUpdatedAt = kept.lastUpdatedAt
  execution.status = kept.status
  execution.version = kept.version
  execution.statusDetails = kept.statusDetails
  if (inProgressAtMs !== Infinity || stepAtMs !== Infinity) execution.timers = { inProgressAtMs, stepAtMs }
  execution.forceCanceled = kept.forceCanceled
  execution.left = kept.left
  return execution
}

function jobFrom(kept: KeptJob): Job {
  const job = new Job({ ...kept, document: new JobDocument(kept.document, kept.beforeSubstitution) }, kept.createdAtMs)
  job.order = kept.order
  job.status = kept.status
  job.lastUpdatedAtMs = kept.lastUpdatedAtMs
  job.completedAtMs = kept.completedAtMs
  job.forceCanceled = kept.forceCanceled
  job.reasonCode = kept.reasonCode
  job.comment = kept.comment
  job.hasBegun = kept.hasBegun
  job.isPastEnd = kept.isPastEnd
  job.goneAtMs = kept.goneAtMs
  return job
}

/** Ids have no slash in them; the order of the records is that of the chunks. */
function chunkKey(jobId: string, chunk: number): string {
  return `${jobId}/${String(chunk).padStart(9, '0')}`
}

/** The records of a table whose keys begin with the id of a job, by that id. */
function byJob<T>(table: Table<T>): Map<string, (readonly [key: string, record: T])[]> {
  const groups = new Map<string, (readonly [string, T])[]>()
  for (const entry of table.entries()) {
    const jobId = entry[0].slice(0, entry[0].indexOf('/'))
    const group = groups.get(jobId)
    if (group) group.push(entry)
    else groups.set(jobId, [entry])
  }
  return groups
}

function keyOf({ job, thing, number }: Execution): string {
  return `${job.id}/${thing.name}/${number}`
}

function finite(atMs: number): number | undefined {
  return atMs === Infinity ? undefined : atMs
}
