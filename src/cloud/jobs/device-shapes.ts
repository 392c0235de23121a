import type { JobExecution, JobExecutionState, JobExecutionSummary } from '../../protocol/jobs.ts'
import { type Execution, isTerminal } from './execution.ts'
import { listed } from './pending.ts'
import { secondsBeforeTimedOut } from './timers.ts'

/** Shapes of the device plane (§1.4). The order of the members is the one of real captures: firmware with naive parsers relies on it. */

/** Without the job document, which is spliced in as text. */
export function executionShape(execution: Execution, nowMs: number): JobExecution {
  const shape = { jobId: execution.job.id, status: execution.status } as JobExecution
  if (execution.statusDetails) shape.statusDetails = execution.statusDetails
  shape.queuedAt = execution.queuedAt
  if (execution.startedAt !== 0) shape.startedAt = execution.startedAt
  shape.lastUpdatedAt = execution.lastUpdatedAt
  shape.versionNumber = execution.version
  shape.executionNumber = execution.number
  const seconds = secondsLeft(execution, nowMs)
  if (seconds !== undefined) shape.approximateSecondsBeforeTimedOut = seconds
  return shape
}

/** JSON of its shape, written at once because every device gets it, with the text of its job document spliced in as an object. */
export function executionJson(execution: Execution, nowMs: number, document: string | undefined): string {
  const { job, status, statusDetails, queuedAt, startedAt, lastUpdatedAt, version, number } = execution
  const details = statusDetails ? `,"statusDetails":${JSON.stringify(statusDetails)}` : ''
  const started = startedAt === 0 ? '' : `,"startedAt":${startedAt}`
  const seconds = secondsLeft(execution, nowMs)
  const left = seconds === undefined ? '' : `,"approximateSecondsBeforeTimedOut":${seconds}`
  const spliced = document === undefined ? '' : `,"jobDocument":${document}`
  return `{"jobId":"${job.id}","status":"${status}"${details},"queuedAt":${queuedAt}${started},"lastUpdatedAt":${lastUpdatedAt},"versionNumber":${version},"executionNumber":${number}${left}${spliced}}`
}

function secondsLeft({ status, timers }: Execution, nowMs: number): number | undefined {
  return isTerminal(status) ? undefined : secondsBeforeTimedOut(timers, nowMs)
}

export function summaryShape(execution: Execution): JobExecutionSummary {
  const shape = { jobId: execution.job.id, queuedAt: execution.queuedAt, lastUpdatedAt: execution.lastUpdatedAt } as JobExecutionSummary
  if (execution.startedAt !== 0) shape.startedAt = execution.startedAt
  shape.executionNumber = execution.number
  shape.versionNumber = execution.version
  return shape
}

export function stateShape(execution: Execution): JobExecutionState {
  return { status: execution.status, statusDetails: execution.statusDetails ?? {}, versionNumber: execution.version }
}

/** Payload of `notify`: empty buckets are left out (§1.8). */
export function listNotification(pending: readonly Execution[], timestamp: number): string {
  const jobs: Record<string, JobExecutionSummary[]> = {}
  for (const execution of listed(pending)) (jobs[execution.status] ??= []).push(summaryShape(execution))
  return JSON.stringify({ timestamp, jobs })
}
