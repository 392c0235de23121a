import type { JobExecutionSummaryForJob } from '@aws-sdk/client-iot'
import { EXECUTION_STATUSES, type ExecutionStatus } from '../ports/events.ts'
import { cloudName, type Fleet } from '../ports/fleet.ts'
import type { AwsClients } from './aws-clients.ts'
import { call } from './call.ts'
import { deviceNamed } from './targets.ts'

/** AWS: the largest page of ListJobExecutionsForJob. */
const PAGE_SIZE = 250
/** Stands for a device that the job never reached. */
const NONE = 255

export type ExecutionListener = (device: number, status: ExecutionStatus, attempts: number) => void

/**
 * Tells of the latest execution of every thing that a job reached, in the order of the fleet. A retry is one more execution of the same
 * thing (aws-iot.md §4.6) and pages come in no particular order, so all of them are read before the first is told.
 */
export async function lastExecutions({ iot }: AwsClients, jobId: string, fleet: Fleet, tell: ExecutionListener): Promise<void> {
  const groups = new Map(fleet.groups.map((group) => [cloudName(group), group]))
  const statuses = new Uint8Array(fleet.size).fill(NONE)
  const attempts = new Uint32Array(fleet.size)
  let nextToken: string | undefined
  do {
    const request = { jobId, maxResults: PAGE_SIZE, ...(nextToken !== undefined && { nextToken }) }
    const page = await call('ListJobExecutionsForJob', iot.listJobExecutionsForJob(request))
    for (const summary of page.executionSummaries ?? []) {
      const device = deviceNamed(groups, thingOf(summary))
      if (device === undefined || attemptsOf(summary) < attempts[device]!) continue
      attempts[device] = attemptsOf(summary)
      statuses[device] = EXECUTION_STATUSES.indexOf(summary.jobExecutionSummary?.status ?? 'QUEUED')
    }
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  for (let device = 0; device < fleet.size; device++) {
    const code = statuses[device]!
    if (code !== NONE) tell(device, EXECUTION_STATUSES[code]!, attempts[device]!)
  }
}

/** `arn:aws:iot:us-east-1:123456789012:thing/trackers-000017` → `trackers-000017` */
function thingOf({ thingArn = '' }: JobExecutionSummaryForJob): string {
  return thingArn.slice(thingArn.lastIndexOf('/') + 1)
}

/** Whether a retry takes a new execution number or only a new retry attempt is not documented: the larger of the two says how often it was tried. */
function attemptsOf({ jobExecutionSummary }: JobExecutionSummaryForJob): number {
  return Math.max(jobExecutionSummary?.executionNumber ?? 1, (jobExecutionSummary?.retryAttempt ?? 0) + 1)
}
