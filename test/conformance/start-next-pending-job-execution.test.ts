import { expect } from 'vitest'
import { jobsTopic, newJob } from './jobs.ts'
import { conformance } from './target.ts'

conformance('StartNextPendingJobExecution', ({ behaviour }) => {
  behaviour('with nothing to do it is accepted, without execution', { row: 9, source: '§1.5 [G][C]' }, async (target) => {
    const thing = await target.thing()
    const device = await target.device({ clientId: thing.name })
    const { topic, payload } = await device.request(jobsTopic(thing.name, 'start-next'))
    expect(topic).toBe(jobsTopic(thing.name, 'start-next/accepted'))
    expect(payload).toEqual({ timestamp: expect.any(Number) })
    expect(await target.jobs.startNextPendingJobExecution({ thingName: thing.name })).not.toHaveProperty('execution')
  })

  behaviour('starts the oldest execution and gives its document', { source: '§1.5 [G][C]' }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn])
    await newJob(target, [thing.arn])
    const device = await target.device({ clientId: thing.name })
    const { payload } = await device.request(jobsTopic(thing.name, 'start-next'), { statusDetails: { step: 'download' } })
    expect(payload.execution).toEqual({
      jobId,
      status: 'IN_PROGRESS',
      statusDetails: { step: 'download' },
      queuedAt: expect.any(Number),
      startedAt: expect.any(Number),
      lastUpdatedAt: expect.any(Number),
      versionNumber: 2,
      executionNumber: 1,
      jobDocument: { operation: 'test' },
    })
  })

  behaviour('called twice it gives the same execution, unchanged', { row: 24, source: '§1.5 [G]' }, async (target) => {
    const thing = await target.thing()
    await newJob(target, [thing.arn])
    const device = await target.device({ clientId: thing.name })
    const start = async (details: object) => (await device.request(jobsTopic(thing.name, 'start-next'), { statusDetails: details })).payload.execution
    const first = await start({ a: '1' })
    expect(await start({ a: '2' })).toEqual(first)
  })

  behaviour('over HTTPS it answers with the thing and the document as text', { source: '§2.2 [M]' }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn])
    const { execution } = await target.jobs.startNextPendingJobExecution({ thingName: thing.name })
    expect(execution).toMatchObject({ jobId, thingName: thing.name, status: 'IN_PROGRESS', jobDocument: '{"operation":"test"}' })
  })

  behaviour('a step timeout out of bounds is refused', { source: '§1.5 [M]' }, async (target) => {
    const thing = await target.thing()
    const device = await target.device({ clientId: thing.name })
    for (const stepTimeoutInMinutes of [0, 10_081, -1])
      expect((await device.request(jobsTopic(thing.name, 'start-next'), { stepTimeoutInMinutes })).payload.code).toBe('InvalidRequest')
  })
})
