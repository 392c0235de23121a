import type { JobExecutionSummary } from '../../protocol/jobs.ts'
import { PENDING_SHOWS_IN_PROGRESS } from '../jobs/choices.ts'
import { summaryShape } from '../jobs/device-shapes.ts'
import { listed } from '../jobs/pending.ts'
import { type JobsDataCloud, thingOf } from './things.ts'

export interface PendingJobExecutions {
  readonly inProgressJobs: JobExecutionSummary[]
  readonly queuedJobs: JobExecutionSummary[]
}

/** Both lists are always there, with at most ten entries in all, and five more of jobs with maintenance windows. */
export function getPendingJobExecutions(cloud: JobsDataCloud, thing: string): PendingJobExecutions {
  const inProgressJobs: JobExecutionSummary[] = []
  const queuedJobs: JobExecutionSummary[] = []
  for (const execution of listed(thingOf(cloud, thing)?.pending ?? [])) {
    if (execution.status === 'QUEUED') queuedJobs.push(summaryShape(execution))
    else if (PENDING_SHOWS_IN_PROGRESS) inProgressJobs.push(summaryShape(execution))
  }
  return { inProgressJobs, queuedJobs }
}
