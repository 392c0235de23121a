import { expect } from 'vitest'
import { eventually, jobsTopic, newJob, report } from './jobs.ts'
import { conformance } from './target.ts'

conformance('DeleteJob', ({ behaviour }) => {
  behaviour('a job that lives needs force; then it is gone for its device too', { row: 37, source: '§3.4 [M]' }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn])
    await report(target, thing.name, jobId, 'IN_PROGRESS')
    await expect(target.iot.deleteJob({ jobId })).rejects.toMatchObject({
      name: 'InvalidStateTransitionException',
      $metadata: { httpStatusCode: 409 },
    })
    await target.iot.deleteJob({ jobId, force: true })
    await eventually(() => expect(target.iot.describeJob({ jobId })).rejects.toMatchObject({ name: 'ResourceNotFoundException' }))
    const device = await target.device({ clientId: thing.name })
    const { payload } = await device.request(jobsTopic(thing.name, `${jobId}/update`), { status: 'SUCCEEDED' })
    expect(payload.code).toBe('ResourceNotFound')
  })

  behaviour('a job that is over needs no force, and its id is free again', { source: '§3.4 [M]' }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn])
    await target.iot.cancelJob({ jobId })
    await target.iot.deleteJob({ jobId })
    await eventually(async () => target.iot.createJob({ jobId, targets: [thing.arn], document: '{}' }))
    expect((await target.iot.describeJob({ jobId })).job!.status).toBe('IN_PROGRESS')
  })

  behaviour('a namespace that is not the job’s finds nothing', { source: '§3.4 [M]' }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn])
    await expect(target.iot.deleteJob({ jobId, force: true, namespaceId: 'other' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
