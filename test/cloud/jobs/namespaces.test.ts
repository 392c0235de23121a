import { expect, test } from 'vitest'
import { FakeCloud } from '../fake-context.ts'

function rehearse(): FakeCloud {
  const cloud = new FakeCloud()
  cloud.registry.addGroup('fleet', ['t'])
  cloud.createJob('j', ['fleet'], { namespaceId: 'ns', targetSelection: 'CONTINUOUS' })
  return cloud
}

test('a job of a namespace tells its own topic, and stays out of the lists of its things', () => {
  const cloud = rehearse()
  expect(cloud.bus.take()).toMatchObject([{ topic: 't/jobs/j/notify-namespace-ns/', jobs: { QUEUED: [{ jobId: 'j', versionNumber: 1 }] } }])
  expect(cloud.device('t', 'get').body).toMatchObject({ queuedJobs: [], inProgressJobs: [] })
  expect(cloud.device('t', 'start-next').body).not.toHaveProperty('execution')
})

test('a device works on it by its id', () => {
  const cloud = rehearse()
  cloud.bus.take()
  expect(cloud.device('t', 'j/get').body.execution).toMatchObject({ jobId: 'j', status: 'QUEUED' })
  expect(cloud.device('t', 'j/update', { status: 'IN_PROGRESS' }).code).toBe('ok')
  expect(cloud.bus.take()).toEqual([])
  expect(cloud.device('t', 'j/update', { status: 'SUCCEEDED' }).code).toBe('ok')
  expect(cloud.bus.take()).toEqual([{ topic: 't/jobs/j/notify-namespace-ns/', jobs: {} }])
  expect(cloud.counts('j')).toEqual({ Succeeded: 1 })
})

test('requests with a namespace find its jobs only, requests without one all', () => {
  const cloud = rehearse()
  cloud.createJob('k', ['fleet'], { targetSelection: 'CONTINUOUS' })
  const query = (namespaceId?: string) => ({ query: namespaceId === undefined ? {} : { namespaceId } })
  const ids = (namespaceId?: string) => cloud.iot('ListJobs', {}, query(namespaceId)).jobs.map(({ jobId }: { jobId: string }) => jobId)
  expect([ids(), ids('ns'), ids('other')]).toEqual([['k', 'j'], ['j'], []])
  expect(cloud.iot('ListJobExecutionsForThing', { thingName: 't' }, query('ns')).executionSummaries).toMatchObject([{ jobId: 'j' }])
  const calls: [string, object][] = [
    ['UpdateJob', { body: { description: 'x' } }],
    ['AssociateTargetsWithJob', { body: { targets: [cloud.targetArn('fleet')] } }],
    ['DeleteJob', { query: { force: 'true' } }],
  ]
  for (const [operation, options] of calls) {
    const call = (jobId: string) => cloud.iot(operation, { jobId }, { ...options, query: { namespaceId: 'ns', force: 'true' } })
    expect(() => call('k'), operation).toThrow(expect.objectContaining({ code: 'ResourceNotFoundException' }))
    expect(() => call('j'), operation).not.toThrow()
  }
  expect(ids()).toEqual(['k'])
})
