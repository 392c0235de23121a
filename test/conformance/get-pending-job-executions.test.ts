import { expect } from 'vitest'
import { jobsTopic, newJob, report } from './jobs.ts'
import { conformance } from './target.ts'

conformance('GetPendingJobExecutions', ({ behaviour }) => {
  behaviour('an idle thing gets both lists, empty', { row: 8, source: '§1.5 [C]' }, async (target) => {
    const thing = await target.thing()
    const device = await target.device({ clientId: thing.name })
    const { topic, payload } = await device.request(jobsTopic(thing.name, 'get'))
    expect(topic).toBe(jobsTopic(thing.name, 'get/accepted'))
    expect(payload).toEqual({ timestamp: expect.any(Number), inProgressJobs: [], queuedJobs: [] })
    expect(await target.jobs.getPendingJobExecutions({ thingName: thing.name })).toMatchObject({ inProgressJobs: [], queuedJobs: [] })
  })

  behaviour('two services answer on one path, each in its own way', { row: 1, source: '§2.1 [M][W]' }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn])
    const operator = await target.iot.listJobExecutionsForThing({ thingName: thing.name })
    const device = await target.jobs.getPendingJobExecutions({ thingName: thing.name })
    expect(operator.executionSummaries).toMatchObject([{ jobId, jobExecutionSummary: { status: 'QUEUED' } }])
    expect(device.queuedJobs).toMatchObject([{ jobId, versionNumber: 1 }])
    expect(device).not.toHaveProperty('executionSummaries')
  })

  behaviour('running executions are in a list of their own, with their start', { source: '§1.4 [C]' }, async (target) => {
    const thing = await target.thing()
    const first = await newJob(target, [thing.arn])
    const second = await newJob(target, [thing.arn])
    await report(target, thing.name, first, 'IN_PROGRESS')
    const device = await target.device({ clientId: thing.name })
    const { payload } = await device.request(jobsTopic(thing.name, 'get'))
    const times = { queuedAt: expect.any(Number), lastUpdatedAt: expect.any(Number) }
    expect(payload).toEqual({
      timestamp: expect.any(Number),
      inProgressJobs: [{ jobId: first, ...times, startedAt: expect.any(Number), executionNumber: 1, versionNumber: 2 }],
      queuedJobs: [{ jobId: second, ...times, executionNumber: 1, versionNumber: 1 }],
    })
  })

  behaviour('lists ten executions at most', { source: '§1.5 [G+]' }, async (target) => {
    const thing = await target.thing()
    for (let job = 0; job < 11; job++) await newJob(target, [thing.arn])
    const { queuedJobs } = await target.jobs.getPendingJobExecutions({ thingName: thing.name })
    expect(queuedJobs).toHaveLength(10)
  })

  behaviour('a thing that does not exist is ResourceNotFound', { source: '§1.7 [M]' }, async (target) => {
    const nobody = target.name('nobody')
    const device = await target.device()
    expect(await device.request(jobsTopic(nobody, 'get'))).toMatchObject({
      topic: jobsTopic(nobody, 'get/rejected'),
      payload: { code: 'ResourceNotFound', message: expect.any(String), timestamp: expect.any(Number) },
    })
    await expect(target.jobs.getPendingJobExecutions({ thingName: nobody })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  behaviour('what is no JSON is InvalidJson, what is no object InvalidRequest', { source: '§1.7 [E]' }, async (target) => {
    const thing = await target.thing()
    const device = await target.device({ clientId: thing.name })
    const code = async (payload: string) => (await device.request(jobsTopic(thing.name, 'get'), payload)).payload.code
    expect([await code('{'), await code('[]')]).toEqual(['InvalidJson', 'InvalidRequest'])
  })

  behaviour('a request without a byte is one without members, as real devices send it', { source: '§1.5 [I]' }, async (target) => {
    const thing = await target.thing()
    const device = await target.device({ clientId: thing.name })
    const { payload } = await device.request(jobsTopic(thing.name, 'get'), '')
    expect(payload).toMatchObject({ inProgressJobs: [], queuedJobs: [] })
  })
})
