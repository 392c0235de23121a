import { describe, expect, test } from 'vitest'
import { parseTime, scheduleProblem } from '../../../src/cloud/jobs/schedule.ts'
import { FakeCloud } from '../fake-context.ts'

const MINUTE_MS = 60_000

test.each([
  ['2026-05-01 12:30', Date.UTC(2026, 4, 1, 12, 30)],
  ['2026-05-01T12:30', Date.UTC(2026, 4, 1, 12, 30)],
  ['2026-05-01T12:30:15Z', Date.UTC(2026, 4, 1, 12, 30, 15)],
  ['2026-13-01 12:30', undefined],
  ['tomorrow', undefined],
])('the time %s', (text, atMs) => {
  expect(parseTime(text)).toBe(atMs)
})

test.each([
  ['half an hour ahead', { startMs: 30 * MINUTE_MS }, undefined],
  ['too soon', { startMs: 29 * MINUTE_MS }, 'startTime'],
  ['in two years', { startMs: 730 * 1440 * MINUTE_MS }, 'startTime'],
  ['an end too soon', { endMs: 29 * MINUTE_MS }, 'endTime'],
  ['an end too close to the start', { startMs: 60 * MINUTE_MS, endMs: 80 * MINUTE_MS }, 'endTime'],
])('a schedule: %s', (_title, schedule, problem) => {
  if (problem) expect(scheduleProblem(schedule, 0)).toContain(problem)
  else expect(scheduleProblem(schedule, 0)).toBeUndefined()
})

describe('a job with a schedule (it is 2023-11-14 22:13:20)', () => {
  const start = { startTime: '2023-11-14 23:13' }
  const end = { endTime: '2023-11-15 00:13' }

  function rehearse(schedulingConfig: object, body: object = {}): FakeCloud {
    const cloud = new FakeCloud()
    cloud.registry.addGroup('fleet', ['a', 'b', 'c'])
    cloud.createJob('j', ['fleet'], { schedulingConfig, ...body })
    return cloud
  }

  test('waits for its start, with the members of that moment', () => {
    const cloud = rehearse(start)
    expect(cloud.job('j')).toMatchObject({ status: 'SCHEDULED', schedulingConfig: start })
    expect(cloud.counts('j')).toEqual({})
    cloud.registry.join('d', 'fleet')
    cloud.clock.run(60 * MINUTE_MS)
    expect(cloud.job('j').status).toBe('IN_PROGRESS')
    expect(cloud.counts('j')).toEqual({ Queued: 4 })
  })

  test('can be canceled before its start', () => {
    const cloud = rehearse(start)
    cloud.iot('CancelJob', { jobId: 'j' })
    cloud.clock.run(120 * MINUTE_MS)
    expect(cloud.job('j').status).toBe('CANCELED')
    expect(cloud.counts('j')).toEqual({})
  })

  test.each([
    ['STOP_ROLLOUT', 'IN_PROGRESS', { Queued: 1, InProgress: 1 }],
    ['CANCEL', 'IN_PROGRESS', { Canceled: 1, InProgress: 1 }],
    ['FORCE_CANCEL', 'COMPLETED', { Canceled: 2 }],
  ])('its end, with %s', (endBehavior, status, counts) => {
    const cloud = rehearse({ ...end, endBehavior }, { targetSelection: 'CONTINUOUS' })
    cloud.device('a', 'start-next')
    cloud.registry.leave('c', 'fleet')
    cloud.clock.run(1000)
    cloud.clock.run(120 * MINUTE_MS)
    cloud.registry.join('z', 'fleet')
    expect(cloud.job('j').status).toBe(status)
    expect(cloud.counts('j')).toEqual({ ...counts, ...removed(cloud) })
    for (const thing of ['a', 'b']) cloud.device(thing, 'j/update', { status: 'SUCCEEDED' })
    expect(cloud.job('j').status).toBe('COMPLETED')
  })

  /** `c` left: it was removed when it had been notified before. */
  function removed(cloud: FakeCloud): object {
    const count = cloud.counts('j')['Removed']
    return count === undefined ? {} : { Removed: count }
  }
})
