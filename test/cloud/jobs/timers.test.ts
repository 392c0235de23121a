import { describe, expect, test } from 'vitest'
import { deadlineMs, type ExecutionTimers, secondsBeforeTimedOut, startedTimers, withStepTimeout } from '../../../src/cloud/jobs/timers.ts'
import { FakeCloud, START_MS } from '../fake-context.ts'

const MINUTE_MS = 60_000
const at = (minute: number): number => minute * MINUTE_MS

describe('the deadline of an execution that starts at minute 0', () => {
  test.each([
    ['no timer', undefined, [], Infinity],
    ['the in-progress timer', 20, [], 20],
    ['row 50: a step of 7 at minute 5', 20, [[5, 7]], 12],
    [
      'row 50: replaced by a step of 5 at minute 10',
      20,
      [
        [5, 7],
        [10, 5],
      ],
      15,
    ],
    [
      'row 50: a step of 9 at minute 13 is bounded',
      20,
      [
        [5, 7],
        [10, 5],
        [13, 9],
      ],
      20,
    ],
    [
      'row 51: −1 discards the step, the in-progress timer stays',
      20,
      [
        [5, 7],
        [6, -1],
      ],
      20,
    ],
    ['a step alone', undefined, [[5, 7]], 12],
    [
      'a step alone, discarded',
      undefined,
      [
        [5, 7],
        [6, -1],
      ],
      Infinity,
    ],
    [
      'an update without the member leaves the step running',
      20,
      [
        [5, 7],
        [6, undefined],
      ],
      12,
    ],
  ] as const)('%s', (_title, inProgressMinutes, steps, minute) => {
    let timers: ExecutionTimers | undefined = startedTimers(inProgressMinutes, at(0))
    for (const [when, minutes] of steps) timers = withStepTimeout(timers, minutes, at(when))
    expect(deadlineMs(timers)).toBe(minute === Infinity ? Infinity : at(minute))
  })

  test('the seconds that remain are whole and never negative', () => {
    const timers = startedTimers(10, at(0))
    expect([0, 400, 599_999, 600_000, 700_000].map((ms) => secondsBeforeTimedOut(timers, ms))).toEqual([600, 599, 0, 0, 0])
    expect(secondsBeforeTimedOut(undefined, 0)).toBeUndefined()
  })
})

describe('executions that time out', () => {
  function rehearse(timeoutConfig: object | undefined, things = 1): FakeCloud {
    const cloud = new FakeCloud()
    cloud.registry.addGroup(
      'fleet',
      Array.from({ length: things }, (_, index) => `t${index}`),
    )
    cloud.createJob('j', ['fleet'], timeoutConfig && { timeoutConfig })
    return cloud
  }

  test('at the deadline, with a notification of the new list and head', () => {
    const cloud = rehearse({ inProgressTimeoutInMinutes: 10 })
    cloud.device('t0', 'start-next')
    cloud.bus.take()
    cloud.clock.run(10 * MINUTE_MS - 1)
    expect(cloud.counts('j')).toEqual({ InProgress: 1 })
    cloud.clock.run(1)
    expect(cloud.counts('j')).toEqual({ TimedOut: 1 })
    expect(cloud.bus.take()).toEqual([{ topic: 't0/jobs/notify', jobs: {} }, { topic: 't0/jobs/notify-next' }])
    expect(cloud.job('j')).toMatchObject({ status: 'COMPLETED', completedAt: (START_MS + 10 * MINUTE_MS) / 1000 })
    const { execution } = cloud.iot('DescribeJobExecution', { thingName: 't0', jobId: 'j' })
    expect(execution).toMatchObject({ status: 'TIMED_OUT', versionNumber: 3 })
  })

  test('row 50: a step of 9 minutes, set at minute 13 of 20, ends at minute 20', () => {
    const cloud = rehearse({ inProgressTimeoutInMinutes: 20 })
    cloud.device('t0', 'start-next')
    cloud.clock.run(13 * MINUTE_MS)
    cloud.device('t0', 'j/update', { status: 'IN_PROGRESS', stepTimeoutInMinutes: 9 })
    cloud.clock.run(7 * MINUTE_MS - 1)
    expect(cloud.counts('j')).toEqual({ InProgress: 1 })
    cloud.clock.run(1)
    expect(cloud.counts('j')).toEqual({ TimedOut: 1 })
  })

  test('row 51: a discarded step does not fire, the in-progress timer does', () => {
    const cloud = rehearse({ inProgressTimeoutInMinutes: 20 })
    cloud.device('t0', 'start-next', { stepTimeoutInMinutes: 5 })
    cloud.device('t0', 'j/update', { status: 'IN_PROGRESS', stepTimeoutInMinutes: -1 })
    cloud.clock.run(20 * MINUTE_MS - 1)
    expect(cloud.counts('j')).toEqual({ InProgress: 1 })
    cloud.clock.run(1)
    expect(cloud.counts('j')).toEqual({ TimedOut: 1 })
  })

  test('a step timer may be set by a second start-next, and its expiry moves with each report', () => {
    const cloud = rehearse(undefined)
    cloud.device('t0', 'start-next')
    cloud.device('t0', 'start-next', { stepTimeoutInMinutes: 2 })
    for (let step = 0; step < 5; step++) {
      cloud.clock.run(MINUTE_MS)
      cloud.device('t0', 'j/update', { status: 'IN_PROGRESS', stepTimeoutInMinutes: 2 })
    }
    cloud.clock.run(2 * MINUTE_MS - 1)
    expect(cloud.counts('j')).toEqual({ InProgress: 1 })
    cloud.clock.run(1)
    expect(cloud.counts('j')).toEqual({ TimedOut: 1 })
  })

  test('row 52: a queued execution never times out', () => {
    const cloud = rehearse({ inProgressTimeoutInMinutes: 1 })
    cloud.clock.run(60 * MINUTE_MS)
    expect(cloud.counts('j')).toEqual({ Queued: 1 })
  })

  test('row 53: the remaining seconds are there while it runs, and gone afterwards', () => {
    const cloud = rehearse({ inProgressTimeoutInMinutes: 10 })
    expect(cloud.device('t0', '$next/get').body.execution).not.toHaveProperty('approximateSecondsBeforeTimedOut')
    expect(cloud.device('t0', 'start-next').body.execution.approximateSecondsBeforeTimedOut).toBe(600)
    cloud.clock.run(1500)
    expect(cloud.device('t0', '$next/get').body.execution.approximateSecondsBeforeTimedOut).toBe(598)
    cloud.device('t0', 'j/update', { status: 'SUCCEEDED' })
    const { execution } = cloud.iot('DescribeJobExecution', { thingName: 't0', jobId: 'j' })
    expect(execution).not.toHaveProperty('approximateSecondsBeforeTimedOut')
  })

  test('a new timeout of the job does not touch what already runs', () => {
    const cloud = rehearse({ inProgressTimeoutInMinutes: 10 }, 2)
    cloud.device('t0', 'start-next')
    cloud.iot('UpdateJob', { jobId: 'j' }, { body: { timeoutConfig: { inProgressTimeoutInMinutes: 1 } } })
    cloud.clock.run(1000)
    cloud.device('t1', 'start-next')
    cloud.clock.run(MINUTE_MS)
    expect(cloud.counts('j')).toEqual({ InProgress: 1, TimedOut: 1 })
  })

  test('one wake serves a thousand executions that all succeed', () => {
    const cloud = rehearse({ inProgressTimeoutInMinutes: 10 }, 1000)
    cloud.clock.run(MINUTE_MS)
    for (let thing = 0; thing < 1000; thing++) cloud.device(`t${thing}`, 'start-next')
    for (let thing = 0; thing < 1000; thing++) cloud.device(`t${thing}`, 'j/update', { status: 'SUCCEEDED' })
    const before = cloud.clock.wakes
    cloud.clock.run(60 * MINUTE_MS)
    expect(cloud.clock.wakes - before).toBe(1)
    expect(cloud.counts('j')).toEqual({ Succeeded: 1000 })
  })
})
