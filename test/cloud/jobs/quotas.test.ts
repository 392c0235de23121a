import { describe, expect, test } from 'vitest'
import { CONCURRENCY_REASON_CODE, DELETIONS_PER_SECOND, MAX_CONCURRENT_JOBS, RETENTION_DAYS } from '../../../src/cloud/jobs/choices.ts'
import { FakeCloud } from '../fake-context.ts'
import { FakeStore } from '../fake-store.ts'

const FORCE = { query: { force: 'true' } }
const LIMIT = expect.objectContaining({ code: 'LimitExceededException', status: 410 })

function cloudWith(things: number, options: ConstructorParameters<typeof FakeCloud>[0] = {}): FakeCloud {
  const cloud = new FakeCloud(options)
  cloud.registry.addGroup(
    'fleet',
    Array.from({ length: things }, (_, index) => `t${index}`),
  )
  cloud.bus.isWanted = () => false
  return cloud
}

describe('a job of many executions', () => {
  const createLarge = (cloud: FakeCloud, jobId: string): void => {
    cloud.createJob(jobId, ['fleet'])
    cloud.clock.run((DELETIONS_PER_SECOND / 1000) * 60_000)
    expect(cloud.counts(jobId)).toEqual({ Queued: DELETIONS_PER_SECOND })
  }

  test('is DELETION_IN_PROGRESS for a while, without executions; at most ten are at one time', () => {
    const cloud = cloudWith(DELETIONS_PER_SECOND)
    for (let job = 0; job < 11; job++) createLarge(cloud, `j${job}`)
    for (let job = 0; job < 10; job++) cloud.iot('DeleteJob', { jobId: `j${job}` }, FORCE)
    expect(cloud.job('j0').status).toBe('DELETION_IN_PROGRESS')
    expect(cloud.device('t0', 'j0/update', { status: 'SUCCEEDED' }).code).toBe('ResourceNotFound')
    expect(() => cloud.createJob('j0', ['fleet'])).toThrow(expect.objectContaining({ code: 'ResourceAlreadyExistsException' }))
    for (const operation of ['DeleteJob', 'CancelJob', 'UpdateJob']) expect(() => cloud.iot(operation, { jobId: 'j0' }, FORCE)).toThrow()
    expect(() => cloud.iot('DeleteJob', { jobId: 'j10' }, FORCE)).toThrow(LIMIT)
    cloud.clock.run(1000)
    expect(() => cloud.job('j0')).toThrow(expect.objectContaining({ code: 'ResourceNotFoundException' }))
    expect(cloud.iot('DeleteJob', { jobId: 'j10' }, FORCE)).toEqual({})
  }, 30_000)

  test('disappears after a restart as well', () => {
    const store = new FakeStore()
    const cloud = cloudWith(DELETIONS_PER_SECOND, { store })
    createLarge(cloud, 'j')
    cloud.iot('DeleteJob', { jobId: 'j' }, FORCE)
    const after = new FakeCloud({ store, nowMs: cloud.clock.now() + 5000 })
    expect(after.job('j').status).toBe('DELETION_IN_PROGRESS')
    after.clock.run(0)
    expect(after.iot('ListJobs', {})).toEqual({ jobs: [] })
  }, 30_000)
})

test('a job that is over is forgotten after two years, and its id is free', () => {
  const cloud = cloudWith(1)
  cloud.createJob('j', ['fleet'])
  cloud.device('t0', 'j/update', { status: 'SUCCEEDED' })
  cloud.clock.run(RETENTION_DAYS * 86_400_000)
  expect(cloud.job('j').status).toBe('COMPLETED')
  cloud.clock.run(1000)
  expect(() => cloud.job('j')).toThrow(expect.objectContaining({ code: 'ResourceNotFoundException' }))
  cloud.createJob('j', ['fleet'])
  expect(cloud.counts('j')).toEqual({ Queued: 1 })
  expect(cloud.iot('ListJobs', {}).jobs).toHaveLength(1)
})

test('a hundred targets, those that were associated later included', () => {
  const cloud = cloudWith(1)
  const groups = Array.from({ length: 101 }, (_, index) => `g${index}`)
  for (const group of groups) cloud.registry.addGroup(group)
  cloud.createJob('j', groups.slice(0, 99), { targetSelection: 'CONTINUOUS' })
  const associate = (names: string[]) =>
    cloud.iot('AssociateTargetsWithJob', { jobId: 'j' }, { body: { targets: names.map((name) => cloud.targetArn(name)) } })
  expect(() => associate(groups.slice(98))).toThrow(LIMIT)
  associate(groups.slice(98, 100))
  expect(cloud.job('j').targets).toHaveLength(100)
})

test('a scheduled job whose start finds a hundred rollouts under way is canceled', () => {
  const cloud = cloudWith(2)
  cloud.createJob('late', ['fleet'], { schedulingConfig: { startTime: '2023-11-14 23:00' } })
  cloud.clock.run(46 * 60_000)
  for (let job = 0; job < MAX_CONCURRENT_JOBS; job++)
    cloud.createJob(`j${job}`, ['fleet'], {
      targetSelection: job % 2 === 0 ? 'SNAPSHOT' : 'CONTINUOUS',
      jobExecutionsRolloutConfig: { maximumPerMinute: 1 },
    })
  cloud.clock.run(45_000)
  expect(cloud.job('late')).toMatchObject({ status: 'CANCELED', reasonCode: CONCURRENCY_REASON_CODE })
  expect(cloud.counts('late')).toEqual({})
})

test('requests over MQTT that exceed the rates of the account are throttled, and carry the token', () => {
  const cloud = cloudWith(1)
  const asked: string[] = []
  cloud.limits = { admit: (operation) => asked.push(operation) > 1 }
  expect(cloud.device('t0', 'start-next', { clientToken: 'x' })).toMatchObject({
    topic: '$aws/things/t0/jobs/start-next/rejected',
    body: { code: 'RequestThrottled', clientToken: 'x' },
  })
  for (const rest of ['get', '$next/get', 'j/update']) cloud.device('t0', rest)
  expect(asked).toEqual([
    'iot-jobs-data:StartNextPendingJobExecution',
    'iot-jobs-data:GetPendingJobExecutions',
    'iot-jobs-data:DescribeJobExecution',
    'iot-jobs-data:UpdateJobExecution',
  ])
})
