import { expect } from 'vitest'
import { newFleet, newJob, report } from './jobs.ts'
import { conformance } from './target.ts'

conformance('ListJobExecutionsForJob', ({ behaviour }) => {
  behaviour('every execution with its thing, by status', { source: '§3.4 [M]' }, async (target) => {
    const { things, group } = await newFleet(target, 2)
    const jobId = await newJob(target, [group.arn], {}, 2)
    await report(target, things[0]!.name, jobId, 'IN_PROGRESS')
    const { executionSummaries } = await target.iot.listJobExecutionsForJob({ jobId, status: 'IN_PROGRESS' })
    expect(executionSummaries).toEqual([
      {
        thingArn: things[0]!.arn,
        jobExecutionSummary: {
          status: 'IN_PROGRESS',
          queuedAt: expect.any(Date),
          startedAt: expect.any(Date),
          lastUpdatedAt: expect.any(Date),
          executionNumber: 1,
          retryAttempt: 0,
        },
      },
    ])
    const all = await target.iot.listJobExecutionsForJob({ jobId })
    expect(all.executionSummaries!.map(({ thingArn }) => thingArn!).toSorted()).toEqual(things.map(({ arn }) => arn).toSorted())
  })

  behaviour('page by page', { source: '§3.3 [M]' }, async (target) => {
    const { group } = await newFleet(target, 3)
    const jobId = await newJob(target, [group.arn], {}, 3)
    const first = await target.iot.listJobExecutionsForJob({ jobId, maxResults: 2 })
    const second = await target.iot.listJobExecutionsForJob({ jobId, maxResults: 2, nextToken: first.nextToken })
    expect([first.executionSummaries!.length, second.executionSummaries!.length, second.nextToken]).toEqual([2, 1, undefined])
  })

  behaviour('a job that does not exist is not found', { source: '§3.4 [M]' }, async (target) => {
    await expect(target.iot.listJobExecutionsForJob({ jobId: 'no-such-job' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
