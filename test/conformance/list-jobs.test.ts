import { expect } from 'vitest'
import { newFleet, newJob } from './jobs.ts'
import { conformance, type Target } from './target.ts'

async function ids(target: Target, request: object = {}): Promise<string[]> {
  const { jobs } = await target.iot.listJobs(request)
  return jobs!.map(({ jobId }) => jobId!).filter((jobId) => jobId.startsWith(target.prefix))
}

conformance('ListJobs', ({ behaviour }) => {
  behaviour('by status, selection and group', { source: '§3.4 [M]' }, async (target) => {
    const { things, group } = await newFleet(target, 1)
    const snapshot = await newJob(target, [things[0]!.arn])
    const continuous = await newJob(target, [group.arn], { targetSelection: 'CONTINUOUS' })
    expect((await ids(target)).toSorted()).toEqual([snapshot, continuous].toSorted())
    expect(await ids(target, { targetSelection: 'CONTINUOUS' })).toEqual([continuous])
    expect(await ids(target, { thingGroupName: group.name })).toEqual([continuous])
    expect(await ids(target, { status: 'COMPLETED' })).toEqual([])
  })

  behaviour('summaries have no configuration', { source: '§3.4 [M]' }, async (target) => {
    const { arn } = await target.thing()
    const jobId = await newJob(target, [arn], { description: 'x' })
    const { jobs } = await target.iot.listJobs({})
    expect(jobs!.find((job) => job.jobId === jobId)).toEqual({
      jobArn: `arn:aws:iot:${target.region}:${target.account}:job/${jobId}`,
      jobId,
      targetSelection: 'SNAPSHOT',
      status: 'IN_PROGRESS',
      createdAt: expect.any(Date),
      lastUpdatedAt: expect.any(Date),
      isConcurrent: false,
    })
  })

  behaviour('the newest job comes first', { source: '§3.4 [I]' }, async (target) => {
    const { arn } = await target.thing()
    const older = await newJob(target, [arn])
    const newer = await newJob(target, [arn])
    const listed = await ids(target)
    expect(listed.indexOf(newer)).toBeLessThan(listed.indexOf(older))
  })

  behaviour('page by page, until there is no token', { source: '§3.3 [M]' }, async (target) => {
    const { arn } = await target.thing()
    for (let job = 0; job < 3; job++) await newJob(target, [arn])
    const first = await target.iot.listJobs({ maxResults: 2 })
    expect(first.jobs).toHaveLength(2)
    const second = await target.iot.listJobs({ maxResults: 2, nextToken: first.nextToken })
    expect(second.jobs![0]!.jobId).not.toBe(first.jobs![1]!.jobId)
    await expect(target.iot.listJobs({ nextToken: 'nonsense' })).rejects.toMatchObject({ name: 'InvalidRequestException' })
    await expect(target.iot.listJobs({ maxResults: 251 })).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })

  behaviour('a namespace shows its jobs only', { source: '§3.4 [M]', embeddedOnly: true }, async (target) => {
    const { arn } = await target.thing()
    const namespaceId = target.name('ns')
    const jobId = await newJob(target, [arn], { namespaceId })
    expect(await ids(target, { namespaceId })).toEqual([jobId])
  })
})
