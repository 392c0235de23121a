import { expect } from 'vitest'
import { jobsTopic, newJob, report } from './jobs.ts'
import { conformance } from './target.ts'

conformance('CancelJobExecution', ({ behaviour }) => {
  behaviour('a QUEUED execution is canceled, and its thing told', { source: '§3.4 [M]' }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn])
    const device = await target.device({ clientId: thing.name })
    await device.subscribe(jobsTopic(thing.name, 'notify'), jobsTopic(thing.name, 'notify-next'))
    await target.iot.cancelJobExecution({ thingName: thing.name, jobId, expectedVersion: 1, statusDetails: { by: 'operator' } })
    expect((await device.next(jobsTopic(thing.name, 'notify'))).payload.jobs).toEqual({})
    expect((await device.next(jobsTopic(thing.name, 'notify-next'))).payload).not.toHaveProperty('execution')
    const { execution } = await target.iot.describeJobExecution({ thingName: thing.name, jobId })
    expect(execution).toMatchObject({ status: 'CANCELED', statusDetails: { detailsMap: { by: 'operator' } } })
  })

  behaviour('what runs needs force, what has ended cannot be canceled', { source: '§3.4 [M][I]' }, async (target) => {
    const { name: thingName, arn } = await target.thing()
    const jobId = await newJob(target, [arn])
    await report(target, thingName, jobId, 'IN_PROGRESS')
    const refused = { name: 'InvalidStateTransitionException', $metadata: { httpStatusCode: 409 } }
    await expect(target.iot.cancelJobExecution({ thingName, jobId })).rejects.toMatchObject(refused)
    await target.iot.cancelJobExecution({ thingName, jobId, force: true })
    await expect(target.iot.cancelJobExecution({ thingName, jobId, force: true })).rejects.toMatchObject(refused)
  })

  behaviour('a wrong version is a conflict', { source: '§3.4 [M]' }, async (target) => {
    const { name: thingName, arn } = await target.thing()
    const jobId = await newJob(target, [arn])
    await expect(target.iot.cancelJobExecution({ thingName, jobId, expectedVersion: 7 })).rejects.toMatchObject({
      name: 'VersionConflictException',
      $metadata: { httpStatusCode: 409 },
    })
  })
})
