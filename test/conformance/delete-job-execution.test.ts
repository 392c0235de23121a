import { expect } from 'vitest'
import { counts, eventually, newFleet, newJob, report } from './jobs.ts'
import { conformance } from './target.ts'

conformance('DeleteJobExecution', ({ behaviour }) => {
  behaviour('an execution that has ended is gone, and counts no more', { source: '§3.4 [M]' }, async (target) => {
    const { things, group } = await newFleet(target, 2)
    const jobId = await newJob(target, [group.arn], {}, 2)
    const thingName = things[0]!.name
    await report(target, thingName, jobId, 'FAILED')
    await target.iot.deleteJobExecution({ thingName, jobId, executionNumber: 1 })
    await eventually(async () => expect(await counts(target, jobId)).toEqual({ Queued: 1 }))
    await expect(target.iot.describeJobExecution({ thingName, jobId })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  behaviour('what runs needs force', { source: '§3.4 [M]' }, async (target) => {
    const { name: thingName, arn } = await target.thing()
    const jobId = await newJob(target, [arn])
    await report(target, thingName, jobId, 'IN_PROGRESS')
    await expect(target.iot.deleteJobExecution({ thingName, jobId, executionNumber: 1 })).rejects.toMatchObject({
      name: 'InvalidStateTransitionException',
    })
    await target.iot.deleteJobExecution({ thingName, jobId, executionNumber: 1, force: true })
    expect((await target.jobs.getPendingJobExecutions({ thingName })).inProgressJobs).toEqual([])
  })

  behaviour('a QUEUED one can be deleted without force', { source: '§3.4 [G]' }, async (target) => {
    const { name: thingName, arn } = await target.thing()
    const jobId = await newJob(target, [arn])
    await target.iot.deleteJobExecution({ thingName, jobId, executionNumber: 1 })
    expect((await target.jobs.getPendingJobExecutions({ thingName })).queuedJobs).toEqual([])
  })

  behaviour('another number is not found', { source: '§3.4 [M]' }, async (target) => {
    const { name: thingName, arn } = await target.thing()
    const jobId = await newJob(target, [arn])
    await expect(target.iot.deleteJobExecution({ thingName, jobId, executionNumber: 2 })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })
})
