import type { CloudContext } from '../context.ts'
import { type Execution, isTerminal } from './execution.ts'
import type { Job } from './job.ts'
import { timeText } from './schedule.ts'
import { secondsBeforeTimedOut } from './timers.ts'

/** Shapes of the control plane (§3.4). Times are epoch seconds; those of jobs have a fraction. */

/** What an ARN needs besides the name: the region of the request. */
export interface ArnScope {
  readonly region: string
  readonly account: string
}

export function jobArn({ region, account }: ArnScope, jobId: string): string {
  return `arn:aws:iot:${region}:${account}:job/${jobId}`
}

export function thingArn({ region, account }: ArnScope, thing: string): string {
  return `arn:aws:iot:${region}:${account}:thing/${thing}`
}

/** What CreateJob, CancelJob and AssociateTargetsWithJob answer. */
export function jobReference(scope: ArnScope, job: Job): object {
  return { jobArn: jobArn(scope, job.id), jobId: job.id, ...(job.config.description !== undefined && { description: job.config.description }) }
}

/** Starts of maintenance windows that DescribeJob shows. */
const SHOWN_ROLLOUTS = 7

export function jobShape(scope: ArnScope, job: Job, nowMs: number): object {
  const { config } = job
  return {
    ...jobReference(scope, job),
    targetSelection: job.targetSelection,
    status: job.status,
    ...(job.status === 'CANCELED' && { forceCanceled: job.forceCanceled }),
    ...given('reasonCode', job.reasonCode),
    ...given('comment', job.comment),
    targets: job.targets.map(({ arn }) => arn),
    presignedUrlConfig: config.presignedUrlConfig ?? {},
    jobExecutionsRolloutConfig: config.jobExecutionsRolloutConfig ?? {},
    ...given('abortConfig', config.abortConfig),
    timeoutConfig: config.timeoutConfig ?? {},
    ...given('jobExecutionsRetryConfig', config.jobExecutionsRetryConfig),
    ...given('schedulingConfig', job.schedule?.config),
    ...given('scheduledJobRollouts', scheduledRollouts(job, nowMs)),
    ...given('namespaceId', job.namespaceId),
    ...given('jobTemplateArn', job.jobTemplateArn),
    ...given('documentParameters', job.documentParameters),
    ...given('destinationPackageVersions', job.destinationPackageVersions),
    ...jobTimes(job),
    isConcurrent: job.isRollingOut,
    jobProcessDetails: { ...(job.isRollingOut && { processingTargets: job.queue?.processingTargets }), ...processDetails(job) },
  }
}

export function jobSummary(scope: ArnScope, job: Job): object {
  return {
    jobArn: jobArn(scope, job.id),
    jobId: job.id,
    targetSelection: job.targetSelection,
    status: job.status,
    ...jobTimes(job),
    isConcurrent: job.isRollingOut,
  }
}

/** All members but the document; `statusDetails` is wrapped, unlike on the device plane. */
export function controlExecution(scope: ArnScope, execution: Execution, { clock }: CloudContext): object {
  const { status, statusDetails } = execution
  const seconds = isTerminal(status) ? undefined : secondsBeforeTimedOut(execution.timers, clock.now())
  return {
    jobId: execution.job.id,
    status,
    ...(status === 'CANCELED' && { forceCanceled: execution.forceCanceled }),
    statusDetails: statusDetails ? { detailsMap: statusDetails } : {},
    thingArn: thingArn(scope, execution.thing.name),
    ...executionTimes(execution),
    executionNumber: execution.number,
    versionNumber: execution.version,
    ...given('approximateSecondsBeforeTimedOut', seconds),
  }
}

export function controlSummary(execution: Execution): object {
  return {
    status: execution.status,
    ...executionTimes(execution),
    executionNumber: execution.number,
    retryAttempt: execution.retryAttempt,
  }
}

/** The same as JSON. */
export function controlSummaryJson({ status, queuedAt, startedAt, lastUpdatedAt, number, retryAttempt }: Execution): string {
  const started = startedAt === 0 ? '' : `"startedAt":${startedAt},`
  return `{"status":"${status}","queuedAt":${queuedAt},${started}"lastUpdatedAt":${lastUpdatedAt},"executionNumber":${number},"retryAttempt":${retryAttempt}}`
}

/** The next starts of the maintenance windows of a job that lives. */
function scheduledRollouts({ windows, schedule, isActive }: Job, nowMs: number): object[] | undefined {
  if (!windows || !isActive) return undefined
  const fromMs = Math.max(nowMs, (schedule?.startMs ?? 0) - 1)
  return windows.starts(fromMs, schedule?.endMs ?? Infinity, SHOWN_ROLLOUTS).map((startMs) => ({ startTime: timeText(startMs) }))
}

function jobTimes({ createdAtMs, lastUpdatedAtMs, completedAtMs }: Job): object {
  return {
    createdAt: createdAtMs / 1000,
    lastUpdatedAt: lastUpdatedAtMs / 1000,
    ...(completedAtMs !== undefined && { completedAt: completedAtMs / 1000 }),
  }
}

function executionTimes({ queuedAt, startedAt, lastUpdatedAt }: Execution): object {
  return { queuedAt, ...(startedAt !== 0 && { startedAt }), lastUpdatedAt }
}

/** Things by the status of their latest execution. */
export function processDetails(job: Job) {
  const { counts } = job
  return {
    numberOfCanceledThings: counts.CANCELED,
    numberOfSucceededThings: counts.SUCCEEDED,
    numberOfFailedThings: counts.FAILED,
    numberOfRejectedThings: counts.REJECTED,
    numberOfQueuedThings: counts.QUEUED,
    numberOfInProgressThings: counts.IN_PROGRESS,
    numberOfRemovedThings: counts.REMOVED,
    numberOfTimedOutThings: counts.TIMED_OUT,
  }
}

function given(name: string, value: unknown): object {
  return value === undefined ? {} : { [name]: value }
}
