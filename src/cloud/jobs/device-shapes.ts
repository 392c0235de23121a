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
  const seconds = isTerminal(execution.status) ? undefined : secondsBeforeTimedOut(execution.timers, nowMs)
  if (seconds !== undefined) shape.approximateSecondsBeforeTimedOut = seconds
  return shape
}

/** JSON of an execution, with the text of its job document spliced in as an object. */
export function executionJson(execution: Execution, nowMs: number, document: string | undefined): string {
  const json = JSON.stringify(executionShape(execution, nowMs))
  return document === undefined ? json : `${json.slice(0, -1)},"jobDocument":${document}}`
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
