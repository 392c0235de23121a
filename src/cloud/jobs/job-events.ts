import type { CloudContext } from '../context.ts'
import { processDetails, thingArn } from './control-shapes.ts'
import type { Execution } from './execution.ts'
import type { Job } from './job.ts'

export type JobOperation = 'completed' | 'cancellation_in_progress' | 'canceled' | 'deletion_in_progress' | 'deleted'

/** What became of an execution, in the words of the topics. */
const OPERATIONS = {
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  REJECTED: 'rejected',
  CANCELED: 'canceled',
  TIMED_OUT: 'timed_out',
  REMOVED: 'removed',
} as const

/** Events of jobs and executions (§7). Nothing is made that nobody wants. The `*At` members are milliseconds, while `timestamp` is seconds. */
export class JobEvents {
  readonly #context: CloudContext

  constructor(context: CloudContext) {
    this.#context = context
  }

  job(job: Job, operation: JobOperation): void {
    const { events } = this.#context
    const topic = `$aws/events/job/${job.id}/${operation}`
    if (!events.isWanted('JOB', topic)) return
    const isCompleted = operation === 'completed'
    events.publish('JOB', topic, {
      operation,
      jobId: job.id,
      status: operation.toUpperCase(),
      targetSelection: job.targetSelection,
      targets: job.targets.map(({ arn }) => arn),
      description: job.config.description,
      completedAt: isCompleted ? milliseconds(job.completedAtMs!) : undefined,
      createdAt: milliseconds(job.createdAtMs),
      lastUpdatedAt: milliseconds(job.lastUpdatedAtMs),
      comment: job.comment,
      jobProcessDetails: isCompleted ? endedThings(job) : undefined,
    })
  }

  /** An execution that has ended. */
  ended(execution: Execution): void {
    const { status } = execution
    if (status !== 'QUEUED' && status !== 'IN_PROGRESS') this.#execution(execution, OPERATIONS[status])
  }

  /** The status is the one that it had. */
  deleted(execution: Execution): void {
    this.#execution(execution, 'deleted')
  }

  #execution(execution: Execution, operation: string): void {
    const { events, account } = this.#context
    const { job, status, statusDetails } = execution
    const topic = `$aws/events/jobExecution/${job.id}/${operation}`
    if (!events.isWanted('JOB_EXECUTION', topic)) return
    const scope = { region: regionOf(job), account }
    events.publish('JOB_EXECUTION', topic, { operation, jobId: job.id, thingArn: thingArn(scope, execution.thing.name), status, statusDetails })
  }
}

/** The counters that the event of a completed job has. */
function endedThings(job: Job): object {
  const { numberOfQueuedThings: _queued, numberOfInProgressThings: _inProgress, numberOfTimedOutThings, ...counts } = processDetails(job)
  return numberOfTimedOutThings === 0 ? counts : { ...counts, numberOfTimedOutThings }
}

function milliseconds(ms: number): number {
  return Math.floor(ms)
}

/** A job's things are in the region of its targets. */
function regionOf(job: Job): string {
  return job.targets[0]?.arn.split(':')[3] ?? ''
}
