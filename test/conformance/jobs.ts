import type { CreateJobRequest, JobExecutionStatus } from '@aws-sdk/client-iot'
import { vi } from 'vitest'
import type { Target } from './target.ts'

/** Longest wait for something that AWS does in the background; the embedded cloud does it at once. */
const PATIENCE = { timeout: 25_000, interval: 1000 }

/** Until the assertions hold. */
export async function eventually<T>(assert: () => Promise<T>): Promise<T> {
  return vi.waitFor(assert, PATIENCE)
}

export const jobsTopic = (thing: string, rest: string): string => `$aws/things/${thing}/jobs/${rest}`

/** A new job, whose executions are there when it returns: as many as `executions`, one if not given. */
export async function newJob(target: Target, targets: readonly string[], members: Partial<CreateJobRequest> = {}, executions = 1): Promise<string> {
  const jobId = members.jobId ?? target.name('job')
  await target.iot.createJob({ jobId, targets: [...targets], document: '{"operation":"test"}', ...members })
  await eventually(async () => {
    const { executionSummaries } = await target.iot.listJobExecutionsForJob({ jobId })
    if (executionSummaries!.length < executions) throw new Error(`job ${jobId} has ${executionSummaries!.length} executions, not ${executions}`)
  })
  return jobId
}

export interface Fleet {
  readonly group: { readonly name: string; readonly arn: string }
  readonly things: readonly { readonly name: string; readonly arn: string }[]
}

export async function newFleet(target: Target, size: number): Promise<Fleet> {
  const things = await Promise.all(Array.from({ length: size }, () => target.thing()))
  return { things, group: await target.group(things.map(({ name }) => name)) }
}

/** Counters of DescribeJob that are not 0, by the word in their name: `{ Queued: 2 }`. */
export async function counts(target: Target, jobId: string): Promise<Record<string, number>> {
  const { job } = await target.iot.describeJob({ jobId })
  const named = Object.entries(job!.jobProcessDetails ?? {}).map(([name, value]) => [/^numberOf(\w+)Things$/.exec(name)?.[1], value] as const)
  return Object.fromEntries(named.filter(([name, value]) => name !== undefined && value !== 0)) as Record<string, number>
}

/** Over HTTPS, as a device would. */
export async function report(target: Target, thingName: string, jobId: string, status: JobExecutionStatus): Promise<void> {
  await target.jobs.updateJobExecution({ thingName, jobId, status: status as 'SUCCEEDED' })
}
