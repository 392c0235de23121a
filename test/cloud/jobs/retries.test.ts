import { describe, expect, test } from 'vitest'
import { isRetried, retriesUsed } from '../../../src/cloud/jobs/retries.ts'
import { FakeCloud } from '../fake-context.ts'

const criterion = (failureType: 'FAILED' | 'TIMED_OUT' | 'ALL', numberOfRetries: number) => ({ failureType, numberOfRetries })

describe('whether an attempt is followed by another', () => {
  test.each([
    ['no criteria', [], 'FAILED', [0, 0], false],
    ['the first failure', [criterion('FAILED', 3)], 'FAILED', [0, 0], true],
    ['the third retry', [criterion('FAILED', 3)], 'FAILED', [2, 0], true],
    ['no fourth', [criterion('FAILED', 3)], 'FAILED', [3, 0], false],
    ['a timeout is no failure', [criterion('FAILED', 3)], 'TIMED_OUT', [0, 0], false],
    ['each type has its own allowance', [criterion('FAILED', 1), criterion('TIMED_OUT', 1)], 'TIMED_OUT', [1, 0], true],
    ['ALL counts both together', [criterion('ALL', 2)], 'TIMED_OUT', [1, 1], false],
    ['ALL takes failures', [criterion('ALL', 2)], 'FAILED', [1, 0], true],
    ['row 54: never after REJECTED', [criterion('ALL', 10)], 'REJECTED', [0, 0], false],
    ['never after REMOVED', [criterion('ALL', 10)], 'REMOVED', [0, 0], false],
    ['never after CANCELED', [criterion('ALL', 10)], 'CANCELED', [0, 0], false],
    ['never after SUCCEEDED', [criterion('ALL', 10)], 'SUCCEEDED', [0, 0], false],
    ['zero retries', [criterion('FAILED', 0)], 'FAILED', [0, 0], false],
  ] as const)('%s', (_title, criteria, status, [failed, timedOut], retried) => {
    expect(isRetried(criteria, status, { FAILED: failed, TIMED_OUT: timedOut })).toBe(retried)
  })

  test('the retries used are counted by what each followed', () => {
    const first = { status: 'FAILED', retryAttempt: 0, previous: undefined } as const
    const second = { status: 'TIMED_OUT', retryAttempt: 1, previous: first } as const
    const third = { status: 'FAILED', retryAttempt: 2, previous: second } as const
    expect(retriesUsed(third)).toEqual({ FAILED: 1, TIMED_OUT: 1 })
    expect(retriesUsed(first)).toEqual({ FAILED: 0, TIMED_OUT: 0 })
  })
})

describe('a job with retries', () => {
  function rehearse(criteriaList: object[], body: object = {}): FakeCloud {
    const cloud = new FakeCloud()
    cloud.registry.addGroup('fleet', ['t'])
    cloud.createJob('j', ['fleet'], { jobExecutionsRetryConfig: { criteriaList }, ...body })
    return cloud
  }

  const report = (cloud: FakeCloud, status: string) => cloud.device('t', 'j/update', { status })

  test('row 54: FAILED queues the next attempt, REJECTED ends it', () => {
    const cloud = rehearse([{ failureType: 'FAILED', numberOfRetries: 3 }])
    report(cloud, 'FAILED')
    expect(cloud.counts('j')).toEqual({ Queued: 1 })
    report(cloud, 'REJECTED')
    expect(cloud.counts('j')).toEqual({ Rejected: 1 })
    expect(cloud.job('j').status).toBe('COMPLETED')
  })

  test('row 55: the second attempt has executionNumber 2, retryAttempt 1 and version 1', () => {
    const cloud = rehearse([{ failureType: 'FAILED', numberOfRetries: 3 }])
    cloud.device('t', 'start-next')
    report(cloud, 'FAILED')
    const { executionSummaries } = cloud.iot('ListJobExecutionsForJob', { jobId: 'j' })
    expect(executionSummaries.map(({ jobExecutionSummary }: any) => jobExecutionSummary)).toMatchObject([
      { status: 'FAILED', executionNumber: 1, retryAttempt: 0 },
      { status: 'QUEUED', executionNumber: 2, retryAttempt: 1 },
    ])
    expect(cloud.device('t', '$next/get').body.execution).toMatchObject({ status: 'QUEUED', executionNumber: 2, versionNumber: 1 })
    const first = cloud.iot('DescribeJobExecution', { thingName: 't', jobId: 'j' }, { query: { executionNumber: '1' } })
    expect(first.execution).toMatchObject({ status: 'FAILED', versionNumber: 3 })
  })

  test('the device learns of its next attempt by one list and one new head', () => {
    const cloud = rehearse([{ failureType: 'FAILED', numberOfRetries: 1 }])
    cloud.bus.take()
    report(cloud, 'FAILED')
    expect(cloud.bus.take()).toMatchObject([
      { topic: 't/jobs/notify', jobs: { QUEUED: [{ jobId: 'j', executionNumber: 2 }] } },
      { topic: 't/jobs/notify-next', execution: { jobId: 'j', executionNumber: 2, status: 'QUEUED' } },
    ])
  })

  test('the job completes when the retries are used up', () => {
    const cloud = rehearse([{ failureType: 'FAILED', numberOfRetries: 2 }])
    for (const status of ['FAILED', 'FAILED']) report(cloud, status)
    expect(cloud.job('j').status).toBe('IN_PROGRESS')
    report(cloud, 'FAILED')
    expect(cloud.job('j').status).toBe('COMPLETED')
    expect(cloud.counts('j')).toEqual({ Failed: 1 })
  })

  test('a timeout is retried, and the retry may time out as well', () => {
    const cloud = rehearse([{ failureType: 'TIMED_OUT', numberOfRetries: 1 }], { timeoutConfig: { inProgressTimeoutInMinutes: 1 } })
    cloud.device('t', 'start-next')
    cloud.clock.run(60_000)
    expect(cloud.counts('j')).toEqual({ Queued: 1 })
    cloud.device('t', 'start-next')
    cloud.clock.run(60_000)
    expect(cloud.counts('j')).toEqual({ TimedOut: 1 })
    expect(cloud.job('j').status).toBe('COMPLETED')
  })

  test('nothing is retried after the job was canceled', () => {
    const cloud = rehearse([{ failureType: 'FAILED', numberOfRetries: 3 }])
    cloud.device('t', 'start-next')
    cloud.iot('CancelJob', { jobId: 'j' })
    report(cloud, 'FAILED')
    expect(cloud.counts('j')).toEqual({ Failed: 1 })
  })

  test('an attempt that was deleted hands its place back to the one before', () => {
    const cloud = rehearse([{ failureType: 'FAILED', numberOfRetries: 1 }])
    report(cloud, 'FAILED')
    cloud.iot('DeleteJobExecution', { thingName: 't', jobId: 'j', executionNumber: '2' })
    expect(cloud.counts('j')).toEqual({ Failed: 1 })
    expect(cloud.job('j').status).toBe('COMPLETED')
  })
})
