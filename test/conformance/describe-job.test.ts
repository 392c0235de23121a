import { expect } from 'vitest'
import { counts, eventually, newFleet, newJob, report } from './jobs.ts'
import { conformance } from './target.ts'

conformance('DescribeJob', ({ behaviour }) => {
  behaviour('times are dates, of now', { row: 4, source: '§3.1 [M][W]' }, async (target) => {
    const { arn } = await target.thing()
    const jobId = await newJob(target, [arn])
    const { job } = await target.iot.describeJob({ jobId })
    expect(job!.createdAt).toBeInstanceOf(Date)
    expect(Math.abs(job!.createdAt!.getTime() - Date.now())).toBeLessThan(30_000)
    expect(job).not.toHaveProperty('completedAt')
  })

  behaviour('configurations that were not given are empty, counters are all there', { source: '§3.4 [M]' }, async (target) => {
    const { arn } = await target.thing()
    const jobId = await newJob(target, [arn])
    const { job } = await target.iot.describeJob({ jobId })
    expect(job).toMatchObject({
      jobId,
      jobArn: `arn:aws:iot:${target.region}:${target.account}:job/${jobId}`,
      targetSelection: 'SNAPSHOT',
      status: 'IN_PROGRESS',
      targets: [arn],
      presignedUrlConfig: {},
      jobExecutionsRolloutConfig: {},
      timeoutConfig: {},
      jobProcessDetails: {
        numberOfCanceledThings: 0,
        numberOfSucceededThings: 0,
        numberOfFailedThings: 0,
        numberOfRejectedThings: 0,
        numberOfQueuedThings: 1,
        numberOfInProgressThings: 0,
        numberOfRemovedThings: 0,
        numberOfTimedOutThings: 0,
      },
    })
  })

  behaviour('a snapshot job whose executions all failed is COMPLETED', { row: 46, source: '§4.1 [G]' }, async (target) => {
    const { things, group } = await newFleet(target, 2)
    const jobId = await newJob(target, [group.arn], {}, 2)
    for (const { name } of things) await report(target, name, jobId, 'FAILED')
    await eventually(async () => {
      const { job } = await target.iot.describeJob({ jobId })
      expect(job!.status).toBe('COMPLETED')
      expect(job!.completedAt).toBeInstanceOf(Date)
    })
    expect(await counts(target, jobId)).toEqual({ Failed: 2 })
  })

  behaviour('a job that rolls out is concurrent and names the targets under way', { source: '§4.1 [G+] §3.4 [M]' }, async (target) => {
    const { group } = await newFleet(target, 2)
    const jobId = await newJob(target, [group.arn], { jobExecutionsRolloutConfig: { maximumPerMinute: 1 } })
    const { job } = await target.iot.describeJob({ jobId })
    expect(job).toMatchObject({ isConcurrent: true, jobProcessDetails: { processingTargets: [group.arn] } })
  })

  behaviour('a job that does not exist is not found', { source: '§3.4 [M]' }, async (target) => {
    await expect(target.iot.describeJob({ jobId: 'no-such-job' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    })
  })
})
