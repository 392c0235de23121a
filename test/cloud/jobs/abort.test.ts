import { describe, expect, test } from 'vitest'
import { type AbortCriterion, metCriterion } from '../../../src/cloud/jobs/abort.ts'
import { FakeCloud } from '../fake-context.ts'

const criterion = (failureType: AbortCriterion['failureType'], thresholdPercentage: number, minNumberOfExecutedThings: number): AbortCriterion => ({
  failureType,
  action: 'CANCEL',
  thresholdPercentage,
  minNumberOfExecutedThings,
})

describe('the criterion that outcomes meet', () => {
  const none = { SUCCEEDED: 0, FAILED: 0, REJECTED: 0, TIMED_OUT: 0 }
  test.each([
    ['row 43: 2 of 9, but 10 must have finished', [criterion('FAILED', 20, 10)], { SUCCEEDED: 7, FAILED: 2 }, undefined],
    ['row 43: 2 of 10 are 20 %', [criterion('FAILED', 20, 10)], { SUCCEEDED: 8, FAILED: 2 }, 0],
    ['1 of 10 is not', [criterion('FAILED', 20, 10)], { SUCCEEDED: 9, FAILED: 1 }, undefined],
    ['20 of 100 are 20 %', [criterion('FAILED', 20, 100)], { SUCCEEDED: 80, FAILED: 20 }, 0],
    ['19 of 100 are not', [criterion('FAILED', 20, 100)], { SUCCEEDED: 81, FAILED: 19 }, undefined],
    ['a fraction of a percent', [criterion('FAILED', 0.05, 1)], { SUCCEEDED: 1999, FAILED: 1 }, 0],
    ['other failures do not count', [criterion('FAILED', 20, 10)], { SUCCEEDED: 5, REJECTED: 5 }, undefined],
    ['but they are in the denominator', [criterion('FAILED', 50, 1)], { FAILED: 1, REJECTED: 2 }, undefined],
    ['ALL adds the three up', [criterion('ALL', 30, 10)], { SUCCEEDED: 7, FAILED: 1, REJECTED: 1, TIMED_OUT: 1 }, 0],
    ['timeouts alone', [criterion('TIMED_OUT', 10, 10)], { SUCCEEDED: 9, TIMED_OUT: 1 }, 0],
    ['the first in the list wins', [criterion('REJECTED', 50, 1), criterion('ALL', 10, 1)], { SUCCEEDED: 1, REJECTED: 1 }, 0],
    ['or the second, when the first is not met', [criterion('FAILED', 50, 1), criterion('ALL', 10, 1)], { SUCCEEDED: 1, REJECTED: 1 }, 1],
    ['nothing has finished', [criterion('ALL', 1, 1)], {}, undefined],
  ] as const)('%s', (_title, criteria, outcomes, met) => {
    expect(metCriterion(criteria, { ...none, ...outcomes })).toBe(met === undefined ? undefined : criteria[met])
  })
})

describe('a job that stops itself', () => {
  const abortConfig = { criteriaList: [{ failureType: 'FAILED', action: 'CANCEL', thresholdPercentage: 20, minNumberOfExecutedThings: 10 }] }

  function rehearse(things: number, config: object = { abortConfig }): FakeCloud {
    const cloud = new FakeCloud()
    cloud.registry.addGroup(
      'fleet',
      Array.from({ length: things }, (_, index) => `t${index}`),
    )
    cloud.createJob('j', ['fleet'], config)
    cloud.clock.run(60_000)
    return cloud
  }

  const report = (cloud: FakeCloud, thing: number, status: string) => cloud.device(`t${thing}`, 'j/update', { status })

  test('row 43: two failures among nine finished do not stop it, the tenth finished does', () => {
    const cloud = rehearse(20)
    for (let thing = 0; thing < 9; thing++) report(cloud, thing, thing < 2 ? 'FAILED' : 'SUCCEEDED')
    expect(cloud.job('j').status).toBe('IN_PROGRESS')
    report(cloud, 9, 'SUCCEEDED')
    expect(cloud.job('j').status).toBe('CANCELED')
  })

  test('row 44: IN_PROGRESS devices finish normally, QUEUED ones are canceled, the job says why', () => {
    const cloud = rehearse(20)
    report(cloud, 19, 'IN_PROGRESS')
    for (let thing = 0; thing < 10; thing++) report(cloud, thing, 'FAILED')
    expect(cloud.counts('j')).toEqual({ Failed: 10, InProgress: 1, Canceled: 9 })
    expect(report(cloud, 19, 'SUCCEEDED').code).toBe('ok')
    expect(report(cloud, 18, 'SUCCEEDED').code).toBe('InvalidStateTransition')
    expect(cloud.job('j')).toMatchObject({ status: 'CANCELED', forceCanceled: false, reasonCode: 'ABORT_THRESHOLD_REACHED' })
    expect(cloud.counts('j')).toEqual({ Failed: 10, Succeeded: 1, Canceled: 9 })
  })

  test('the rollout stops: nobody else is notified', () => {
    const cloud = rehearse(100, { abortConfig, jobExecutionsRolloutConfig: { maximumPerMinute: 10 } })
    for (let thing = 0; thing < 10; thing++) report(cloud, thing, 'FAILED')
    cloud.clock.run(3_600_000)
    expect(cloud.counts('j')).toEqual({ Failed: 10, Canceled: 1 })
  })

  test('row 45: fifty executions canceled by hand stop nothing', () => {
    const all = { criteriaList: [{ failureType: 'ALL', action: 'CANCEL', thresholdPercentage: 1, minNumberOfExecutedThings: 1 }] }
    const cloud = rehearse(60, { abortConfig: all })
    for (let thing = 0; thing < 50; thing++) cloud.iot('CancelJobExecution', { thingName: `t${thing}`, jobId: 'j' })
    expect(cloud.job('j').status).toBe('IN_PROGRESS')
    expect(cloud.counts('j')).toEqual({ Canceled: 50, Queued: 10 })
  })

  test('deleting executions changes the denominator', () => {
    const cloud = rehearse(20)
    for (let thing = 0; thing < 8; thing++) report(cloud, thing, thing < 2 ? 'FAILED' : 'SUCCEEDED')
    cloud.iot('DeleteJobExecution', { thingName: 't5', jobId: 'j', executionNumber: '1' })
    for (let thing = 8; thing < 10; thing++) report(cloud, thing, 'SUCCEEDED')
    expect(cloud.job('j').status).toBe('IN_PROGRESS')
    report(cloud, 10, 'SUCCEEDED')
    expect(cloud.job('j').status).toBe('CANCELED')
  })

  test('a retry storm stops the job: a failure counts while its retry is pending, and the retry is dropped', () => {
    const jobExecutionsRetryConfig = { criteriaList: [{ failureType: 'FAILED', numberOfRetries: 3 }] }
    const cloud = rehearse(10, { abortConfig, jobExecutionsRetryConfig })
    for (let thing = 0; thing < 9; thing++) report(cloud, thing, 'FAILED')
    expect(cloud.counts('j')).toEqual({ Queued: 10 })
    report(cloud, 9, 'FAILED')
    expect(cloud.job('j').status).toBe('CANCELED')
    expect(cloud.counts('j')).toEqual({ Failed: 1, Canceled: 9 })
  })

  test('a retry that succeeds no longer counts as failed', () => {
    const jobExecutionsRetryConfig = { criteriaList: [{ failureType: 'FAILED', numberOfRetries: 3 }] }
    const cloud = rehearse(10, { abortConfig, jobExecutionsRetryConfig })
    for (let thing = 0; thing < 9; thing++) for (const status of ['FAILED', 'SUCCEEDED']) report(cloud, thing, status)
    report(cloud, 9, 'FAILED')
    expect(cloud.job('j').status).toBe('IN_PROGRESS')
  })
})
