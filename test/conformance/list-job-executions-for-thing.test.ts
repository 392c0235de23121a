import { expect } from 'vitest'
import { newJob, report } from './jobs.ts'
import { conformance } from './target.ts'

conformance('ListJobExecutionsForThing', ({ behaviour }) => {
  behaviour('every job of a thing, by status and by job', { source: '§3.4 [M]' }, async (target) => {
    const thing = await target.thing()
    const first = await newJob(target, [thing.arn])
    const second = await newJob(target, [thing.arn])
    await report(target, thing.name, first, 'SUCCEEDED')
    const ids = async (request: object = {}) =>
      (await target.iot.listJobExecutionsForThing({ thingName: thing.name, ...request })).executionSummaries!.map(({ jobId }) => jobId!).toSorted()
    expect(await ids()).toEqual([first, second].toSorted())
    expect(await ids({ status: 'SUCCEEDED' })).toEqual([first])
    expect(await ids({ jobId: second })).toEqual([second])
  })

  behaviour('a thing that does not exist is not found', { source: '§3.4 [M]' }, async (target) => {
    await expect(target.iot.listJobExecutionsForThing({ thingName: target.name('nobody') })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })
})
