import { UserError } from '../errors.ts'
import type { AwsClients } from './aws-clients.ts'
import { callExpecting } from './call.ts'

/** Time between two looks at something that is being deleted. */
const DELETION_POLL_MS = 1_000
/** Looks at one job before clean-up gives up on it: AWS deletes a job with its executions in the background. */
const DELETION_LOOKS = 600

const GONE = ['ResourceNotFoundException']

export interface Remover {
  readonly clients: AwsClients
  readonly sleep: (ms: number) => Promise<void>
}

/** Cancels a job; one that is over or gone stays as it is. `force` takes executions in progress along. */
export async function cancelJob(clients: AwsClients, jobId: string, force: boolean, reasonCode: string, comment: string): Promise<void> {
  // Cancelling what is over is an InvalidRequestException; between two looks it may have ended by itself (aws-iot.md §3.4).
  await callExpecting('CancelJob', ['InvalidRequestException', ...GONE], clients.iot.cancelJob({ jobId, force, reasonCode, comment }))
}

/** Deletes a job with its executions and waits until it is gone. */
export async function removeJob({ clients, sleep }: Remover, jobId: string): Promise<void> {
  await callExpecting('DeleteJob', GONE, clients.iot.deleteJob({ jobId, force: true }))
  await untilGone(sleep, `job ${jobId}`, () => callExpecting('DescribeJob', GONE, clients.iot.describeJob({ jobId })))
}

/** The job of an OTA update. */
export function otaJobId(otaUpdateId: string): string {
  return `AFR_OTA-${otaUpdateId}`
}

/** Deletes an OTA update with its stream and its job, and waits until it is gone. */
export async function removeOtaUpdate({ clients, sleep }: Remover, otaUpdateId: string): Promise<void> {
  const request = { otaUpdateId, deleteStream: true, forceDeleteAWSJob: true }
  await callExpecting('DeleteOTAUpdate', GONE, clients.iot.deleteOTAUpdate(request))
  await untilGone(sleep, `OTA update ${otaUpdateId}`, () => callExpecting('GetOTAUpdate', GONE, clients.iot.getOTAUpdate({ otaUpdateId })))
}

async function untilGone(sleep: Remover['sleep'], what: string, look: () => Promise<unknown>): Promise<void> {
  for (let looks = 0; looks < DELETION_LOOKS; looks++) {
    if (!(await look())) return
    await sleep(DELETION_POLL_MS)
  }
  throw new UserError(`${what} is still there ${(DELETION_LOOKS * DELETION_POLL_MS) / 1000} s after its deletion began`, 101)
}
