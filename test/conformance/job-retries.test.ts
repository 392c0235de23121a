import { expect } from 'vitest'
import { counts, eventually, newJob, report } from './jobs.ts'
import { conformance, type Target } from './target.ts'

const retries = (numberOfRetries: number, failureType: 'FAILED' | 'TIMED_OUT' | 'ALL' = 'FAILED') => ({
  jobExecutionsRetryConfig: { criteriaList: [{ failureType, numberOfRetries }] },
})

async function attempts(target: Target, jobId: string): Promise<object[]> {
  const { executionSummaries } = await target.iot.listJobExecutionsForJob({ jobId })
  return executionSummaries!.map(({ jobExecutionSummary }) => {
    const { status, executionNumber, retryAttempt } = jobExecutionSummary!
    return { status, executionNumber, retryAttempt }
  })
}

conformance('Retries of a job', ({ behaviour }) => {
  behaviour('FAILED queues another attempt, REJECTED ends it', { row: 54, source: '§4.6 [G]' }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn], retries(3))
    await report(target, thing.name, jobId, 'FAILED')
    await eventually(async () => expect(await counts(target, jobId)).toEqual({ Queued: 1 }))
    await report(target, thing.name, jobId, 'REJECTED')
    await eventually(async () => expect(await counts(target, jobId)).toEqual({ Rejected: 1 }))
    expect((await target.iot.describeJob({ jobId })).job!.status).toBe('COMPLETED')
  })

  behaviour('the second attempt has executionNumber 2, retryAttempt 1 and version 1', { row: 55, source: '§4.6 [I]' }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn], retries(1))
    await report(target, thing.name, jobId, 'FAILED')
    await eventually(async () =>
      expect(await attempts(target, jobId)).toEqual([
        { status: 'FAILED', executionNumber: 1, retryAttempt: 0 },
        { status: 'QUEUED', executionNumber: 2, retryAttempt: 1 },
      ]),
    )
    const { execution } = await target.jobs.describeJobExecution({ thingName: thing.name, jobId: '$next' })
    expect(execution).toMatchObject({ jobId, executionNumber: 2, versionNumber: 1, status: 'QUEUED' })
  })

  behaviour('the job completes when they are used up', { source: '§4.6 [G]' }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn], retries(1))
    await report(target, thing.name, jobId, 'FAILED')
    await eventually(async () => report(target, thing.name, jobId, 'FAILED'))
    await eventually(async () => expect((await target.iot.describeJob({ jobId })).job!.status).toBe('COMPLETED'))
    expect(await counts(target, jobId)).toEqual({ Failed: 1 })
  })

  behaviour('a timeout is retried when the job says so', { source: '§4.6 [G]', timeout: 200_000 }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn], { ...retries(1, 'TIMED_OUT'), timeoutConfig: { inProgressTimeoutInMinutes: 1 } })
    await report(target, thing.name, jobId, 'IN_PROGRESS')
    await target.pass(125)
    await eventually(async () =>
      expect(await attempts(target, jobId)).toEqual([
        { status: 'TIMED_OUT', executionNumber: 1, retryAttempt: 0 },
        { status: 'QUEUED', executionNumber: 2, retryAttempt: 1 },
      ]),
    )
  })
})
