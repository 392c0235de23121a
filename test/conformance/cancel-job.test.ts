import { expect } from 'vitest'
import { counts, eventually, newFleet, newJob, report } from './jobs.ts'
import { conformance } from './target.ts'

conformance('CancelJob', ({ behaviour }) => {
  behaviour('QUEUED executions are canceled, what runs may still succeed', { row: 38, source: '§3.4 [M]' }, async (target) => {
    const { things, group } = await newFleet(target, 2)
    const jobId = await newJob(target, [group.arn], {}, 2)
    await report(target, things[0]!.name, jobId, 'IN_PROGRESS')
    expect(await target.iot.cancelJob({ jobId, reasonCode: 'BAD_IMAGE', comment: 'stop' })).toMatchObject({ jobId })
    await eventually(async () => expect(await counts(target, jobId)).toEqual({ Canceled: 1, InProgress: 1 }))
    await report(target, things[0]!.name, jobId, 'SUCCEEDED')
    await eventually(async () => expect(await counts(target, jobId)).toEqual({ Canceled: 1, Succeeded: 1 }))
    const { job } = await target.iot.describeJob({ jobId })
    expect(job).toMatchObject({ status: 'CANCELED', reasonCode: 'BAD_IMAGE', comment: 'stop', forceCanceled: false })
  })

  behaviour('with force what runs is canceled too, and its device is refused', { source: '§3.4 [M]' }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn])
    await report(target, thing.name, jobId, 'IN_PROGRESS')
    await target.iot.cancelJob({ jobId, force: true })
    await eventually(async () => expect(await counts(target, jobId)).toEqual({ Canceled: 1 }))
    await expect(report(target, thing.name, jobId, 'SUCCEEDED')).rejects.toMatchObject({ name: 'InvalidStateTransitionException' })
    expect((await target.iot.describeJob({ jobId })).job!.forceCanceled).toBe(true)
  })

  behaviour('a job that is over is refused', { source: '§3.4 [I]' }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn])
    await target.iot.cancelJob({ jobId })
    await expect(target.iot.cancelJob({ jobId })).rejects.toMatchObject({ name: 'InvalidRequestException' })
    await expect(target.iot.cancelJob({ jobId: 'no-such-job' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  behaviour('a reason is capitals, digits and underscores', { source: '§3.4 [M]' }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn])
    await expect(target.iot.cancelJob({ jobId, reasonCode: 'bad image' })).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })
})
