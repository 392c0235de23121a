import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('AWS IoT Device SDK v2', ({ behaviour }) => {
  behaviour('its jobs client gets, starts and ends a job', { source: '§1.3 [E]' }, async (target) => {
    const thing = await target.thing()
    const jobId = target.name('job')
    await target.iot.createJob({ jobId, targets: [thing.arn], document: '{"operation":"sdk"}' })
    const device = await target.sdkDevice(thing.name)
    const pending = await device.jobs('getPendingJobExecutions', { thingName: thing.name })
    expect(pending.queuedJobs.map((job: { jobId: string }) => job.jobId)).toEqual([jobId])
    const { execution } = await device.jobs('startNextPendingJobExecution', { thingName: thing.name, statusDetails: { step: 'one' } })
    expect(execution).toMatchObject({ jobId, status: 'IN_PROGRESS', versionNumber: 2, jobDocument: { operation: 'sdk' } })
    await device.jobs('updateJobExecution', { thingName: thing.name, jobId, status: 'SUCCEEDED', expectedVersion: 2 })
    expect((await target.iot.describeJob({ jobId })).job?.status).toBe('COMPLETED')
  })

  behaviour('a refused update is a typed error, not a timeout: the token is in the rejection', { row: 17, source: '§1.3 [E]' }, async (target) => {
    const thing = await target.thing()
    const jobId = target.name('job')
    await target.iot.createJob({ jobId, targets: [thing.arn], document: '{}' })
    const device = await target.sdkDevice(thing.name)
    const startedMs = performance.now()
    await expect(
      device.jobs('updateJobExecution', { thingName: thing.name, jobId, status: 'IN_PROGRESS', expectedVersion: 7 }),
    ).rejects.toMatchObject({ modeledError: { code: 'VersionMismatch', executionState: { versionNumber: 1 } } })
    expect(performance.now() - startedMs).toBeLessThan(5000)
  })

  behaviour('its false never reaches the wire, a raw false does', { row: 85, source: '§1.3 [E]' }, async (target) => {
    const thing = await target.thing()
    const jobId = target.name('job')
    await target.iot.createJob({ jobId, targets: [thing.arn], document: '{"operation":"falsy"}' })
    const sdk = await target.sdkDevice(thing.name)
    const request = { thingName: thing.name, jobId, includeJobDocument: false }
    expect((await sdk.jobs('describeJobExecution', request)).execution.jobDocument).toEqual({ operation: 'falsy' })
    const raw = await target.device()
    const { payload } = await raw.request(`$aws/things/${thing.name}/jobs/${jobId}/get`, { includeJobDocument: false })
    expect(payload.execution).not.toHaveProperty('jobDocument')
  })

  behaviour('its shadow client updates, gets and deletes a shadow, classic and named', { source: '§6 [E]' }, async (target) => {
    const thing = await target.thing()
    const device = await target.sdkDevice(thing.name)
    await device.shadow('updateShadow', { thingName: thing.name, state: { desired: { led: 'on' } } })
    const { state, version } = await device.shadow('getShadow', { thingName: thing.name })
    expect([state.desired, state.delta, version]).toEqual([{ led: 'on' }, { led: 'on' }, 1])
    await device.shadow('updateNamedShadow', { thingName: thing.name, shadowName: 'radio', state: { reported: { band: 20 } } })
    expect((await device.shadow('getNamedShadow', { thingName: thing.name, shadowName: 'radio' })).state.reported).toEqual({ band: 20 })
    await device.shadow('deleteShadow', { thingName: thing.name })
    await expect(device.shadow('getShadow', { thingName: thing.name })).rejects.toMatchObject({ modeledError: { code: 404 } })
  })
})
