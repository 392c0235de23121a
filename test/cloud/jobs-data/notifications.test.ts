import { describe, expect, test } from 'vitest'
import { FakeCloud } from '../fake-context.ts'

const SECOND = 1_700_000_000

/** The worked sequence of reference §1.8, literally. */
test('row 10, 11, 13: the worked sequence of the guide', () => {
  const cloud = oneThing()
  const steps: [string, () => void, unknown[]][] = [
    ['create job1', () => cloud.createJob('job1', ['t']), [list({ QUEUED: ['job1'] }), next('job1', 'QUEUED')]],
    ['create job2', () => cloud.createJob('job2', ['t']), [list({ QUEUED: ['job1', 'job2'] })]],
    ['the device starts job1', () => cloud.device('t', 'start-next'), []],
    ['create job3', () => cloud.createJob('job3', ['t']), [list({ IN_PROGRESS: ['job1'], QUEUED: ['job2', 'job3'] })]],
    ['job1 SUCCEEDED', () => report(cloud, 'job1', 'SUCCEEDED'), [list({ QUEUED: ['job2', 'job3'] }), next('job2', 'QUEUED')]],
    ['job3 IN_PROGRESS by id', () => report(cloud, 'job3', 'IN_PROGRESS'), [next('job3', 'IN_PROGRESS', { versionNumber: 2, startedAt: SECOND })]],
    ['job2 REJECTED', () => report(cloud, 'job2', 'REJECTED'), [list({ IN_PROGRESS: ['job3'] })]],
    [
      'job3 deleted by force',
      () => cloud.iot('DeleteJob', { jobId: 'job3' }, { query: { force: 'true' } }),
      [{ topic: 't/jobs/notify', jobs: {} }, { topic: 't/jobs/notify-next' }],
    ],
  ]
  for (const [title, act, expected] of steps) {
    act()
    const seen = cloud.bus.take()
    expect(seen, title).toMatchObject(expected)
    expect(seen.length, title).toBe(expected.length)
  }
})

test('the payloads, literally', () => {
  const cloud = oneThing()
  cloud.createJob('j1', ['t'], { document: '{ "any": "json object" }' })
  expect(cloud.bus.published.splice(0)).toEqual([
    {
      topic: '$aws/things/t/jobs/notify',
      payload:
        '{"timestamp":1700000000,"jobs":{"QUEUED":[{"jobId":"j1","queuedAt":1700000000,"lastUpdatedAt":1700000000,"executionNumber":1,"versionNumber":1}]}}',
    },
    {
      topic: '$aws/things/t/jobs/notify-next',
      payload:
        '{"timestamp":1700000000,"execution":{"jobId":"j1","status":"QUEUED","queuedAt":1700000000,"lastUpdatedAt":1700000000,' +
        '"versionNumber":1,"executionNumber":1,"jobDocument":{ "any": "json object" }}}',
    },
  ])
  cloud.clock.run(5000)
  report(cloud, 'j1', 'SUCCEEDED')
  expect(cloud.bus.published.map(({ payload }) => payload)).toEqual(['{"timestamp":1700000005,"jobs":{}}', '{"timestamp":1700000005}'])
})

describe('what is told, and what is not', () => {
  test('row 12: five progress updates publish nothing', () => {
    const cloud = oneThing()
    cloud.createJob('j', ['t'])
    cloud.bus.take()
    for (let update = 0; update < 5; update++) report(cloud, 'j', 'IN_PROGRESS')
    expect(cloud.bus.take()).toEqual([])
  })

  test('a QUEUED execution that starts behind an older one that runs publishes nothing', () => {
    const cloud = oneThing('a', 'b')
    cloud.device('t', 'start-next')
    report(cloud, 'b', 'IN_PROGRESS')
    expect(cloud.bus.take()).toEqual([])
  })

  test('an execution that ends behind the head changes the list only', () => {
    const cloud = oneThing('a', 'b')
    report(cloud, 'b', 'FAILED')
    expect(cloud.bus.take()).toMatchObject([list({ QUEUED: ['a'] })])
  })

  test.each([
    ['canceled', (cloud: FakeCloud) => cloud.iot('CancelJobExecution', { thingName: 't', jobId: 'a' })],
    ['deleted', (cloud: FakeCloud) => cloud.iot('DeleteJobExecution', { thingName: 't', jobId: 'a', executionNumber: '1' })],
    ['canceled with its job', (cloud: FakeCloud) => cloud.iot('CancelJob', { jobId: 'a' })],
  ])('a head that is %s gives way to the next', (_title, act) => {
    const cloud = oneThing('a', 'b')
    act(cloud)
    expect(cloud.bus.take()).toMatchObject([list({ QUEUED: ['b'] }), next('b', 'QUEUED')])
  })

  test('a terminal execution that is deleted publishes nothing', () => {
    const cloud = oneThing('a')
    report(cloud, 'a', 'SUCCEEDED')
    cloud.bus.take()
    cloud.iot('DeleteJobExecution', { thingName: 't', jobId: 'a', executionNumber: '1' })
    expect(cloud.bus.take()).toEqual([])
  })

  test('the list shows at most ten', () => {
    const jobs = Array.from({ length: 12 }, (_, index) => `j${index}`)
    const cloud = oneThing(...jobs)
    report(cloud, 'j11', 'IN_PROGRESS')
    report(cloud, 'j5', 'REJECTED')
    const [, notify] = cloud.bus.take()
    expect(notify).toMatchObject(list({ IN_PROGRESS: ['j11'], QUEUED: ['j0', 'j1', 'j2', 'j3', 'j4', 'j6', 'j7', 'j8', 'j9'] }))
  })

  test('nothing is composed for topics that nobody wants: no URL is signed', () => {
    const cloud = oneThing()
    cloud.bus.isWanted = () => false
    const document = '{"url":"${aws:iot:s3-presigned-url:https://s3.eu-west-1.amazonaws.com/b/k}"}'
    cloud.createJob('j', ['t'], { document, presignedUrlConfig: { roleArn: 'arn:aws:iam::123456789012:role/signer' } })
    expect(cloud.bus.published).toEqual([])
    expect(cloud.objects.signed).toBe(1)
  })

  test('a device that answers from within a notification finds everything in order', () => {
    const cloud = oneThing('a', 'b')
    const codes: string[] = []
    cloud.bus.onPublish = (topic) => {
      if (topic.endsWith('/notify-next')) codes.push(cloud.device('t', 'start-next').code)
    }
    report(cloud, 'a', 'SUCCEEDED')
    expect(codes).toEqual(['ok'])
    expect(cloud.counts('b')).toEqual({ InProgress: 1 })
    expect(cloud.job('a').status).toBe('COMPLETED')
  })
})

/** A thing `t` with jobs waiting for it, of which it was told. */
function oneThing(...jobs: string[]): FakeCloud {
  const cloud = new FakeCloud()
  cloud.registry.things.add('t')
  for (const job of jobs) cloud.createJob(job, ['t'])
  cloud.bus.take()
  return cloud
}

function report(cloud: FakeCloud, job: string, status: string): void {
  expect(cloud.device('t', `${job}/update`, { status }).code).toBe('ok')
}

function list(jobs: Record<string, string[]>): object {
  const buckets = Object.entries(jobs).map(([status, ids]) => [status, ids.map((jobId) => ({ jobId }))])
  return { topic: 't/jobs/notify', jobs: Object.fromEntries(buckets) }
}

function next(jobId: string, status: string, members: object = {}): object {
  return { topic: 't/jobs/notify-next', execution: { jobId, status, ...members } }
}
