import { describe, expect, test } from 'vitest'
import { FakeCloud } from '../fake-context.ts'

const failure = (code: string, status: number) => expect.objectContaining({ code, status })
const FORCE = { query: { force: 'true' } }

/** Job `j` with `a` QUEUED, `b` IN_PROGRESS and `c` SUCCEEDED. */
function rehearse(): FakeCloud {
  const cloud = new FakeCloud()
  cloud.registry.addGroup('fleet', ['a', 'b', 'c'])
  cloud.createJob('j', ['fleet'])
  cloud.clock.run(1000)
  cloud.device('b', 'start-next')
  cloud.device('c', 'j/update', { status: 'SUCCEEDED' })
  cloud.bus.take()
  return cloud
}

describe('CancelJob', () => {
  test('row 38: QUEUED executions are canceled, what runs may still succeed', () => {
    const cloud = rehearse()
    const answer = cloud.iot('CancelJob', { jobId: 'j' }, { body: { reasonCode: 'BAD_IMAGE', comment: 'stop' } })
    expect(answer).toMatchObject({ jobId: 'j' })
    expect(cloud.counts('j')).toEqual({ Canceled: 1, InProgress: 1, Succeeded: 1 })
    expect(cloud.device('b', 'j/update', { status: 'SUCCEEDED' }).code).toBe('ok')
    expect(cloud.job('j')).toMatchObject({ status: 'CANCELED', forceCanceled: false, reasonCode: 'BAD_IMAGE', comment: 'stop', isConcurrent: false })
  })

  test('with force, what runs is canceled too', () => {
    const cloud = rehearse()
    cloud.iot('CancelJob', { jobId: 'j' }, FORCE)
    expect(cloud.counts('j')).toEqual({ Canceled: 2, Succeeded: 1 })
    expect(cloud.job('j').forceCanceled).toBe(true)
    expect(cloud.device('b', 'j/update', { status: 'SUCCEEDED' }).body).toMatchObject({
      code: 'InvalidStateTransition',
      executionState: { versionNumber: 3 },
    })
    expect(cloud.iot('DescribeJobExecution', { thingName: 'b', jobId: 'j' }).execution).toMatchObject({ status: 'CANCELED', forceCanceled: true })
  })

  test('a job that is over cannot be canceled', () => {
    const cloud = rehearse()
    cloud.iot('CancelJob', { jobId: 'j' })
    expect(() => cloud.iot('CancelJob', { jobId: 'j' })).toThrow(failure('InvalidRequestException', 400))
    expect(() => cloud.iot('CancelJob', { jobId: 'k' })).toThrow(failure('ResourceNotFoundException', 404))
    expect(() => cloud.iot('CancelJob', { jobId: 'j' }, { body: { reasonCode: 'lower case' } })).toThrow("at 'reasonCode'")
  })
})

describe('DeleteJob', () => {
  test('row 37: a live job needs force; then it is gone, and so is what the device works on', () => {
    const cloud = rehearse()
    expect(() => cloud.iot('DeleteJob', { jobId: 'j' })).toThrow(failure('InvalidStateTransitionException', 409))
    expect(cloud.iot('DeleteJob', { jobId: 'j' }, FORCE)).toEqual({})
    expect(() => cloud.job('j')).toThrow(failure('ResourceNotFoundException', 404))
    expect(cloud.device('b', 'j/update', { status: 'SUCCEEDED' }).code).toBe('ResourceNotFound')
    expect(cloud.device('a', '$next/get').body).not.toHaveProperty('execution')
    expect(cloud.bus.take().map(({ topic }) => topic)).toEqual(['a/jobs/notify', 'a/jobs/notify-next', 'b/jobs/notify', 'b/jobs/notify-next'])
  })

  test('its timers and its rollout end with it', () => {
    const cloud = new FakeCloud()
    cloud.registry.addGroup('fleet', ['a', 'b'])
    cloud.createJob('j', ['fleet'], { timeoutConfig: { inProgressTimeoutInMinutes: 1 }, jobExecutionsRolloutConfig: { maximumPerMinute: 1 } })
    cloud.device('a', 'start-next')
    cloud.iot('DeleteJob', { jobId: 'j' }, FORCE)
    cloud.bus.take()
    cloud.clock.run(600_000)
    expect(cloud.bus.take()).toEqual([])
  })
})

describe('CancelJobExecution', () => {
  const cancel = (cloud: FakeCloud, thingName: string, options = {}) => cloud.iot('CancelJobExecution', { thingName, jobId: 'j' }, options)

  test.each([
    ['QUEUED', 'a', {}, undefined],
    ['IN_PROGRESS', 'b', {}, failure('InvalidStateTransitionException', 409)],
    ['IN_PROGRESS with force', 'b', FORCE, undefined],
    ['SUCCEEDED', 'c', FORCE, failure('InvalidStateTransitionException', 409)],
    ['with the right version', 'a', { body: { expectedVersion: 1 } }, undefined],
    ['with a wrong version', 'a', { body: { expectedVersion: 2 } }, failure('VersionConflictException', 409)],
    ['with bad details', 'a', { body: { statusDetails: { a: 1 } } }, failure('InvalidRequestException', 400)],
    ['of a thing without one', 'd', {}, failure('ResourceNotFoundException', 404)],
  ])('%s', (_title, thing, options, error) => {
    const cloud = rehearse()
    if (error) expect(() => cancel(cloud, thing, options)).toThrow(error)
    else {
      expect(cancel(cloud, thing, options)).toEqual({})
      expect(cloud.counts('j')['Canceled']).toBe(1)
    }
  })

  test('details go into the execution', () => {
    const cloud = rehearse()
    cancel(cloud, 'a', { body: { statusDetails: { by: 'operator' } } })
    const { execution } = cloud.iot('DescribeJobExecution', { thingName: 'a', jobId: 'j' })
    expect(execution).toMatchObject({ status: 'CANCELED', versionNumber: 2, statusDetails: { detailsMap: { by: 'operator' } } })
  })

  test('the last pending one completes the job', () => {
    const cloud = rehearse()
    cancel(cloud, 'a')
    cancel(cloud, 'b', FORCE)
    expect(cloud.job('j').status).toBe('COMPLETED')
  })
})

describe('DeleteJobExecution', () => {
  const remove = (cloud: FakeCloud, thingName: string, options = {}, executionNumber = '1') =>
    cloud.iot('DeleteJobExecution', { thingName, jobId: 'j', executionNumber }, options)

  test.each([
    ['QUEUED', 'a', {}, '1', undefined],
    ['SUCCEEDED', 'c', {}, '1', undefined],
    ['IN_PROGRESS', 'b', {}, '1', failure('InvalidStateTransitionException', 409)],
    ['IN_PROGRESS with force', 'b', FORCE, '1', undefined],
    ['another number', 'a', {}, '2', failure('ResourceNotFoundException', 404)],
    ['no number', 'a', {}, 'one', failure('InvalidRequestException', 400)],
  ])('%s', (_title, thing, options, number, error) => {
    const cloud = rehearse()
    if (error) expect(() => remove(cloud, thing, options, number)).toThrow(error)
    else {
      remove(cloud, thing, options, number)
      expect(Object.values(cloud.counts('j')).reduce((sum, count) => sum + count, 0)).toBe(2)
      expect(cloud.iot('ListJobExecutionsForJob', { jobId: 'j' }).executionSummaries).toHaveLength(2)
      expect(cloud.device(thing, 'j/get').code).toBe('ResourceNotFound')
    }
  })
})

describe('UpdateJob', () => {
  test('replaces what is given and keeps the rest', () => {
    const cloud = rehearse()
    cloud.iot('UpdateJob', { jobId: 'j' }, { body: { description: 'new', timeoutConfig: { inProgressTimeoutInMinutes: 5 } } })
    cloud.iot('UpdateJob', { jobId: 'j' }, { body: { description: 'newer' } })
    expect(cloud.job('j')).toMatchObject({ description: 'newer', timeoutConfig: { inProgressTimeoutInMinutes: 5 } })
  })

  test('retries can only be taken back', () => {
    const cloud = rehearse()
    const retries = (numberOfRetries: number) => ({
      body: { jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'FAILED', numberOfRetries }] } },
    })
    expect(() => cloud.iot('UpdateJob', { jobId: 'j' }, retries(2))).toThrow(failure('InvalidRequestException', 400))
    expect(cloud.iot('UpdateJob', { jobId: 'j' }, retries(0))).toEqual({})
  })

  test('a job that is over stays as it is', () => {
    const cloud = rehearse()
    cloud.iot('CancelJob', { jobId: 'j' })
    expect(() => cloud.iot('UpdateJob', { jobId: 'j' }, { body: { description: 'x' } })).toThrow(failure('InvalidRequestException', 400))
  })
})

describe('AssociateTargetsWithJob', () => {
  test('only groups, only to a continuous job that lives', () => {
    const cloud = rehearse()
    cloud.createJob('c', ['fleet'], { targetSelection: 'CONTINUOUS' })
    const associate = (jobId: string, name: string) => cloud.iot('AssociateTargetsWithJob', { jobId }, { body: { targets: [cloud.targetArn(name)] } })
    expect(() => associate('j', 'fleet')).toThrow(failure('InvalidRequestException', 400))
    expect(() => associate('c', 'a')).toThrow(failure('InvalidRequestException', 400))
    expect(() => associate('c', 'nobody')).toThrow(failure('ResourceNotFoundException', 404))
    associate('c', 'fleet')
    expect(cloud.job('c').targets).toHaveLength(1)
  })
})

describe('lists', () => {
  test('jobs, the newest first, by status, selection and group', () => {
    const cloud = rehearse()
    cloud.createJob('k', ['a'], { targetSelection: 'CONTINUOUS' })
    cloud.createJob('l', ['a'])
    cloud.iot('CancelJob', { jobId: 'l' })
    const ids = (query: Record<string, string> = {}) => cloud.iot('ListJobs', {}, { query }).jobs.map(({ jobId }: any) => jobId)
    expect(ids()).toEqual(['l', 'k', 'j'])
    expect(ids({ status: 'IN_PROGRESS' })).toEqual(['k', 'j'])
    expect(ids({ targetSelection: 'CONTINUOUS' })).toEqual(['k'])
    expect(ids({ thingGroupName: 'fleet' })).toEqual(['j'])
    expect(() => ids({ status: 'DONE' })).toThrow(failure('InvalidRequestException', 400))
    expect(cloud.iot('ListJobs', {}, { query: { maxResults: '1' } })).toMatchObject({ jobs: [{ jobId: 'l' }], nextToken: expect.any(String) })
  })

  test('executions of a job, page by page and by status', () => {
    const cloud = rehearse()
    const page = (query: Record<string, string>) => cloud.iot('ListJobExecutionsForJob', { jobId: 'j' }, { query })
    const first = page({ maxResults: '2' })
    expect(first.executionSummaries.map(({ thingArn }: any) => thingArn)).toEqual([cloud.targetArn('a'), cloud.targetArn('b')])
    const second = page({ maxResults: '2', nextToken: first.nextToken })
    expect(second.executionSummaries).toMatchObject([
      { thingArn: cloud.targetArn('c'), jobExecutionSummary: { status: 'SUCCEEDED', retryAttempt: 0 } },
    ])
    expect(second).not.toHaveProperty('nextToken')
    expect(page({ status: 'QUEUED' }).executionSummaries).toHaveLength(1)
  })

  test('executions of a thing, by job and status', () => {
    const cloud = rehearse()
    cloud.createJob('k', ['a', 'b'])
    const ids = (thingName: string, query: Record<string, string> = {}) =>
      cloud.iot('ListJobExecutionsForThing', { thingName }, { query }).executionSummaries.map(({ jobId }: any) => jobId)
    expect(ids('b')).toEqual(['j', 'k'])
    expect(ids('b', { status: 'IN_PROGRESS' })).toEqual(['j'])
    expect(ids('b', { jobId: 'k' })).toEqual(['k'])
    expect(ids('c')).toEqual(['j'])
    expect(() => ids('nobody')).toThrow(failure('ResourceNotFoundException', 404))
  })
})

test('a reset cloud knows no jobs, and nothing of before happens any more', () => {
  const cloud = rehearse()
  cloud.createJob('slow', ['fleet'], { jobExecutionsRolloutConfig: { maximumPerMinute: 1 }, targetSelection: 'CONTINUOUS' })
  cloud.jobs.reset()
  cloud.bus.take()
  cloud.registry.join('z', 'fleet')
  cloud.clock.run(600_000)
  expect(cloud.bus.take()).toEqual([])
  expect(cloud.iot('ListJobs', {})).toEqual({ jobs: [] })
  expect(cloud.device('a', 'get').body).toMatchObject({ queuedJobs: [], inProgressJobs: [] })
})
