import type { Execution } from '../jobs/execution.ts'
import { type Fields, statusDetailsOf, stepTimeoutOf } from './fields.ts'
import { type JobsDataCloud, thingOf } from './things.ts'

/**
 * Starts the head of the pending list, or returns it as it is when it already runs: then only a step timer is set. Undefined when nothing is pending.
 */
export function startNextPendingJobExecution(cloud: JobsDataCloud, thing: string, fields: Fields): Execution | undefined {
  const statusDetails = statusDetailsOf(fields)
  const stepTimeoutInMinutes = stepTimeoutOf(fields, false)
  const head = thingOf(cloud, thing)?.head
  if (head?.status === 'QUEUED') cloud.jobs.report(head, { status: 'IN_PROGRESS', statusDetails, stepTimeoutInMinutes })
  else if (head) cloud.jobs.setStepTimeout(head, stepTimeoutInMinutes)
  return head
}
