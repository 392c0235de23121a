import { describe, expect, test } from 'vitest'
import { MaintenanceWindows, windowProblem } from '../../../src/cloud/jobs/maintenance-windows.ts'
import { FakeCloud, START_MS } from '../fake-context.ts'

const MINUTE_MS = 60_000
const utc = (text: string): number => Date.parse(`${text}Z`)

describe('cron expressions of AWS (from Tuesday 2023-11-14 22:13:20)', () => {
  test.each([
    ['30 8 * * ? *', '2023-11-15T08:30', '2023-11-16T08:30'],
    ['cron(30 8 * * ? *)', '2023-11-15T08:30', '2023-11-16T08:30'],
    ['0 18 ? * 1 *', '2023-11-19T18:00', '2023-11-26T18:00'],
    ['0 18 ? * SUN *', '2023-11-19T18:00', '2023-11-26T18:00'],
    ['0 18 ? * 2-6 *', '2023-11-15T18:00', '2023-11-16T18:00'],
    ['0 18 ? * 6L *', '2023-11-24T18:00', '2023-12-29T18:00'],
    ['0 18 ? * L *', '2023-11-18T18:00', '2023-11-25T18:00'],
    ['0 18 ? * 2#2 *', '2023-12-11T18:00', '2024-01-08T18:00'],
    ['0 18 15W * ? *', '2023-11-15T18:00', '2023-12-15T18:00'],
    ['0 18 L * ? *', '2023-11-30T18:00', '2023-12-31T18:00'],
    ['0/20 * * * ? *', '2023-11-14T22:20', '2023-11-14T22:40'],
    ['0 12 1 1 ? 2030-2031', '2030-01-01T12:00', '2031-01-01T12:00'],
  ])('%s', (startTime, first, second) => {
    const windows = new MaintenanceWindows([{ startTime, durationInMinutes: 60 }])
    expect(windows.starts(START_MS, Infinity, 2)).toEqual([utc(first), utc(second)])
  })

  test.each(['', '0 18 * *', '0 0 18 ? * MON *', '61 18 * * ? *', '0 18 ? * 8 *', '0 18 ? * 0 *', 'rate(1 day)'])('%j is none', (startTime) => {
    expect(windowProblem(startTime)).toEqual(expect.any(String))
  })

  test('a window is open from its start until just before its end, and longer when another one overlaps', () => {
    const windows = new MaintenanceWindows([
      { startTime: '0 8 * * ? *', durationInMinutes: 60 },
      { startTime: '30 8 * * ? *', durationInMinutes: 60 },
    ])
    const at = (time: string) => windows.openUntil(utc(`2023-11-15T${time}`))
    expect([at('07:59:59'), at('08:00'), at('08:30'), at('09:29'), at('09:30')]).toEqual([
      undefined,
      utc('2023-11-15T09:00'),
      utc('2023-11-15T09:30'),
      utc('2023-11-15T09:30'),
      undefined,
    ])
    expect(windows.nextStart(utc('2023-11-15T08:00'))).toBe(utc('2023-11-15T08:30'))
  })
})

/** Every quarter of an hour, five minutes long; it is 22:13:20. */
const QUARTERS = { maintenanceWindows: [{ startTime: 'cron(0/15 * * * ? *)', durationInMinutes: 5 }] }

function rehearse(body: object = {}, schedulingConfig: object = QUARTERS): FakeCloud {
  const cloud = new FakeCloud()
  cloud.registry.addGroup('fleet', ['a', 'b', 'c', 'd'])
  cloud.createJob('j', ['fleet'], { schedulingConfig, ...body })
  return cloud
}

/** Lets time pass until so many minutes after 22:00. */
function until(cloud: FakeCloud, minute: number): void {
  cloud.clock.run(utc('2023-11-14T22:00') + minute * MINUTE_MS - cloud.clock.now())
}

describe('a job with maintenance windows', () => {
  test('is SCHEDULED outside of them, IN_PROGRESS inside, and rolls out there only', () => {
    const cloud = rehearse({ jobExecutionsRolloutConfig: { maximumPerMinute: 1 } })
    const states: unknown[] = []
    for (const minute of [14.9, 15.5, 19.5, 20.5, 29.5, 30.5]) {
      until(cloud, minute)
      states.push([cloud.job('j').status, cloud.iot('ListJobExecutionsForJob', { jobId: 'j' }).executionSummaries.length])
      if (minute === 15.5) cloud.iot('DeleteJobExecution', { thingName: 'a', jobId: 'j', executionNumber: '1' })
    }
    expect(states).toEqual([
      ['SCHEDULED', 0],
      ['IN_PROGRESS', 1],
      ['IN_PROGRESS', 3],
      ['SCHEDULED', 3],
      ['SCHEDULED', 3],
      ['IN_PROGRESS', 3],
    ])
  })

  test('shows its next seven starts', () => {
    const cloud = rehearse()
    const starts = () => cloud.job('j').scheduledJobRollouts.map(({ startTime }: { startTime: string }) => startTime)
    expect(starts()).toEqual(['22:15', '22:30', '22:45', '23:00', '23:15', '23:30', '23:45'].map((time) => `2023-11-14 ${time}`))
    until(cloud, 16)
    expect(starts()[0]).toBe('2023-11-14 22:30')
    expect(rehearse({}, { ...QUARTERS, endTime: '2023-11-14 22:45' }).job('j').scheduledJobRollouts).toHaveLength(2)
    expect(rehearse({}, { startTime: '2023-11-14 23:13' }).job('j')).not.toHaveProperty('scheduledJobRollouts')
  })

  test('devices see its executions, and are told of them, inside only', () => {
    const cloud = rehearse()
    until(cloud, 16)
    cloud.device('a', 'start-next')
    cloud.bus.take()
    until(cloud, 20)
    expect(cloud.bus.take().filter(({ topic }) => topic.startsWith('a/'))).toEqual([
      { topic: 'a/jobs/notify', jobs: {} },
      { topic: 'a/jobs/notify-next' },
    ])
    expect(cloud.device('a', 'get').body).toMatchObject({ inProgressJobs: [], queuedJobs: [] })
    expect(cloud.device('b', 'start-next').body).not.toHaveProperty('execution')
    expect(cloud.device('a', 'j/update', { status: 'SUCCEEDED' }).code).toBe('ok')
    expect(cloud.bus.take()).toEqual([])
    until(cloud, 30)
    expect(cloud.bus.take().filter(({ topic }) => topic.startsWith('b/'))).toMatchObject([
      { topic: 'b/jobs/notify', jobs: { QUEUED: [{ jobId: 'j' }] } },
      { topic: 'b/jobs/notify-next', execution: { jobId: 'j' } },
    ])
    expect(cloud.device('a', 'get').body).toMatchObject({ inProgressJobs: [], queuedJobs: [] })
  })

  test('a snapshot job completes outside too, a retry waits for the next window', () => {
    const cloud = rehearse({ jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'FAILED', numberOfRetries: 1 }] } })
    until(cloud, 16)
    for (const thing of ['b', 'c', 'd']) cloud.device(thing, 'j/update', { status: 'SUCCEEDED' })
    cloud.device('a', 'start-next')
    until(cloud, 21)
    cloud.device('a', 'j/update', { status: 'FAILED' })
    expect(cloud.counts('j')).toEqual({ Succeeded: 3, Queued: 1 })
    expect(cloud.device('a', 'start-next').body).not.toHaveProperty('execution')
    until(cloud, 31)
    cloud.device('a', 'start-next')
    until(cloud, 36)
    cloud.device('a', 'j/update', { status: 'SUCCEEDED' })
    expect(cloud.job('j').status).toBe('COMPLETED')
    until(cloud, 50)
    expect(cloud.job('j').status).toBe('COMPLETED')
  })

  test('a thing that joins waits for the next window, and then for its turn', () => {
    const cloud = rehearse({ targetSelection: 'CONTINUOUS' })
    until(cloud, 21)
    cloud.registry.join('e', 'fleet')
    expect(cloud.counts('j')).toEqual({ Queued: 4 })
    until(cloud, 31)
    expect(cloud.counts('j')).toEqual({ Queued: 5 })
  })

  test('canceled outside of its windows, what runs can be seen and may still succeed', () => {
    const cloud = rehearse()
    until(cloud, 16)
    cloud.device('a', 'start-next')
    until(cloud, 21)
    cloud.iot('CancelJob', { jobId: 'j' })
    expect(cloud.counts('j')).toEqual({ Canceled: 3, InProgress: 1 })
    expect(cloud.device('a', 'get').body.inProgressJobs).toHaveLength(1)
    until(cloud, 31)
    expect(cloud.job('j').status).toBe('CANCELED')
  })

  test('the list shows ten executions of other jobs and five of such ones', () => {
    const cloud = rehearse()
    for (let job = 0; job < 6; job++) cloud.createJob(`w${job}`, ['a'], { schedulingConfig: QUARTERS })
    until(cloud, 16)
    for (let job = 0; job < 12; job++) cloud.createJob(`j${job}`, ['a'])
    expect(cloud.device('a', 'get').body.queuedJobs.map(({ jobId }: { jobId: string }) => jobId)).toEqual([
      'j',
      'w0',
      'w1',
      'w2',
      'w3',
      ...Array.from({ length: 10 }, (_, job) => `j${job}`),
    ])
  })
})
