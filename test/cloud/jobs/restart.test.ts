import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { FakeCloud } from '../fake-context.ts'
import { FakeStore } from '../fake-store.ts'

const MINUTE_MS = 60_000
/** Between two steps: two jobs never have a turn at the same moment, so that the order of wakes is no question. */
const OFFSET_MS = 7
const THINGS = ['a', 'b', 'c', 'd', 'e', 'f']
const JOBS = ['j', 'k', 'l']
const GROUPS = ['fleet', 'lab']

/** The registry and the store stay; the engine is a new one. */
function restarted(before: FakeCloud, pausedMs = 0): FakeCloud {
  const after = new FakeCloud({ store: before.store!, nowMs: before.clock.now() + pausedMs })
  for (const thing of before.registry.things) after.registry.things.add(thing)
  for (const [name, { parent, things }] of before.registry.groups) after.registry.addGroup(name, things, parent)
  return after
}

function fleet(): FakeCloud {
  const cloud = new FakeCloud({ store: new FakeStore() })
  cloud.registry.addGroup('fleet', ['a', 'b', 'c', 'd'])
  cloud.registry.addGroup('lab', ['d', 'e', 'f'])
  return cloud
}

/** Everything that operators and devices can see. */
function seen(cloud: FakeCloud): object {
  const jobs = cloud.iot('ListJobs', {}).jobs
  return {
    jobs,
    described: jobs.map(({ jobId }: { jobId: string }) => [
      cloud.iot('DescribeJob', { jobId }),
      cloud.iot('GetJobDocument', { jobId }),
      cloud.iot('ListJobExecutionsForJob', { jobId }),
    ]),
    things: THINGS.filter((thing) => cloud.registry.hasThing(thing)).map((thing) => [
      cloud.device(thing, 'get').body,
      cloud.device(thing, '$next/get').body,
      cloud.iot('ListJobExecutionsForThing', { thingName: thing }),
      JOBS.map((jobId) => attempt(() => cloud.iot('DescribeJobExecution', { thingName: thing, jobId }))),
    ]),
  }
}

type Step = (cloud: FakeCloud) => unknown

/** A refusal is an outcome too. */
function attempt(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return (error as Error).message
  }
}

const job = fc.constantFrom(...JOBS)
const thing = fc.constantFrom(...THINGS)
const group = fc.constantFrom(...GROUPS)
const force = fc.boolean().map((isForced) => ({ query: { force: String(isForced) } }))

const body = fc.record(
  {
    targetSelection: fc.constantFrom('SNAPSHOT', 'CONTINUOUS'),
    namespaceId: fc.constant('ns'),
    jobExecutionsRolloutConfig: fc.constantFrom(
      { maximumPerMinute: 1 },
      { maximumPerMinute: 3, exponentialRate: { baseRatePerMinute: 1, incrementFactor: 2, rateIncreaseCriteria: { numberOfSucceededThings: 1 } } },
    ),
    abortConfig: fc.constant({
      criteriaList: [{ failureType: 'ALL', action: 'CANCEL', thresholdPercentage: 60, minNumberOfExecutedThings: 2 }],
    }),
    timeoutConfig: fc.constant({ inProgressTimeoutInMinutes: 3 }),
    jobExecutionsRetryConfig: fc.constant({ criteriaList: [{ failureType: 'FAILED', numberOfRetries: 2 }] }),
  },
  { requiredKeys: [] },
)

/** Full minutes are for job `j` alone. */
const schedulingConfig = fc.constantFrom(
  undefined,
  { startTime: '2023-11-14 23:13' },
  { endTime: '2023-11-14 23:14', endBehavior: 'CANCEL' },
  { maintenanceWindows: [{ startTime: '0/15 * * * ? *', durationInMinutes: 5 }] },
)

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 1200 }).map(
      (seconds): Step =>
        (cloud) =>
          cloud.clock.run(seconds * 1000),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(job, group, body).map(
      ([id, name, members]): Step =>
        (cloud) =>
          cloud.createJob(id, [name], members),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(group, body, schedulingConfig).map(
      ([name, members, schedule]): Step =>
        (cloud) =>
          cloud.createJob('j', [name], { ...members, schedulingConfig: schedule }),
    ),
  },
  {
    weight: 4,
    arbitrary: thing.map(
      (name): Step =>
        (cloud) =>
          cloud.device(name, 'start-next', { stepTimeoutInMinutes: 1 }),
    ),
  },
  {
    weight: 8,
    arbitrary: fc
      .tuple(thing, job, fc.constantFrom('IN_PROGRESS', 'SUCCEEDED', 'FAILED', 'REJECTED'), fc.constantFrom(undefined, -1, 2))
      .map(([name, id, status, stepTimeoutInMinutes]): Step => (cloud) => {
        return cloud.device(name, `${id}/update`, { status, stepTimeoutInMinutes, statusDetails: { status } })
      }),
  },
  fc.tuple(job, force).map(
    ([jobId, options]): Step =>
      (cloud) =>
        cloud.iot('CancelJob', { jobId }, options),
  ),
  fc.tuple(job, force).map(
    ([jobId, options]): Step =>
      (cloud) =>
        cloud.iot('DeleteJob', { jobId }, options),
  ),
  fc.tuple(thing, job, force).map(
    ([thingName, jobId, options]): Step =>
      (cloud) =>
        cloud.iot('CancelJobExecution', { thingName, jobId }, options),
  ),
  fc.tuple(thing, job, fc.constantFrom('1', '2'), force).map(([thingName, jobId, executionNumber, options]): Step => (cloud) => {
    return cloud.iot('DeleteJobExecution', { thingName, jobId, executionNumber }, options)
  }),
  job.map(
    (jobId): Step =>
      (cloud) =>
        cloud.iot('UpdateJob', { jobId }, { body: { timeoutConfig: { inProgressTimeoutInMinutes: 1 } } }),
  ),
  fc.tuple(job, group).map(([jobId, name]): Step => (cloud) => {
    return cloud.iot('AssociateTargetsWithJob', { jobId }, { body: { targets: [cloud.targetArn(name)] } })
  }),
  fc.tuple(thing, group).map(
    ([name, groupName]): Step =>
      (cloud) =>
        cloud.registry.join(name, groupName),
  ),
  fc.tuple(thing, group).map(
    ([name, groupName]): Step =>
      (cloud) =>
        cloud.registry.leave(name, groupName),
  ),
  thing.map(
    (name): Step =>
      (cloud) =>
        cloud.registry.delete(name),
  ),
)

describe('a cloud that was restarted', () => {
  property.prop([fc.array(fc.tuple(step, fc.boolean()), { minLength: 5, maxLength: 60 })], { numRuns: 100 })(
    'goes on as if nothing had happened, wherever that was',
    (history) => {
      const steady = fleet()
      let other = fleet()
      for (const [act, restarts] of history) {
        for (const cloud of [steady, other]) cloud.clock.run(OFFSET_MS)
        expect(attempt(() => act(other))).toEqual(attempt(() => act(steady)))
        if (restarts) other = restarted(other)
        expect(seen(other)).toEqual(seen(steady))
      }
    },
  )

  test('a rollout keeps its rate: what the pause had for it is not made up for, and nobody is left out', () => {
    const cloud = new FakeCloud({ store: new FakeStore() })
    cloud.registry.addGroup(
      'many',
      Array.from({ length: 300 }, (_, index) => `t${index}`),
    )
    cloud.createJob('j', ['many'], { jobExecutionsRolloutConfig: { maximumPerMinute: 60 } })
    cloud.clock.run(99_500)
    expect(cloud.counts('j')).toEqual({ Queued: 100 })
    const after = restarted(cloud, 10 * MINUTE_MS)
    after.clock.run(MINUTE_MS)
    expect(after.counts('j')).toEqual({ Queued: 161 })
    after.clock.run(3 * MINUTE_MS)
    expect(after.counts('j')).toEqual({ Queued: 300 })
    expect(after.iot('ListJobExecutionsForJob', { jobId: 'j' }, { query: { maxResults: '250' } })).toHaveProperty('nextToken')
  })

  test('what became due in the pause happens now: timers, starts, windows and ends', () => {
    const cloud = fleet()
    cloud.createJob('j', ['fleet'], {
      timeoutConfig: { inProgressTimeoutInMinutes: 5 },
      jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'TIMED_OUT', numberOfRetries: 1 }] },
    })
    cloud.createJob('k', ['lab'], { schedulingConfig: { startTime: '2023-11-14 23:00' } })
    cloud.createJob('l', ['lab'], { schedulingConfig: { endTime: '2023-11-14 23:00', endBehavior: 'FORCE_CANCEL' } })
    cloud.clock.run(1000)
    cloud.device('a', 'start-next')
    const after = restarted(cloud, 120 * MINUTE_MS)
    after.clock.run(1000)
    expect(after.iot('ListJobExecutionsForThing', { thingName: 'a' }).executionSummaries).toMatchObject([
      { jobExecutionSummary: { status: 'TIMED_OUT', executionNumber: 1 } },
      { jobExecutionSummary: { status: 'QUEUED', executionNumber: 2, retryAttempt: 1 } },
    ])
    expect(after.job('k').status).toBe('IN_PROGRESS')
    expect(after.job('l').status).toBe('COMPLETED')
  })

  test('a window that closed in the pause is closed: nothing rolls out', () => {
    const cloud = fleet()
    const schedulingConfig = { maintenanceWindows: [{ startTime: '0/15 * * * ? *', durationInMinutes: 5 }] }
    cloud.createJob('j', ['fleet'], { schedulingConfig, jobExecutionsRolloutConfig: { maximumPerMinute: 1 } })
    cloud.clock.run(3 * MINUTE_MS)
    expect(cloud.counts('j')).toEqual({ Queued: 2 })
    const after = restarted(cloud, 5 * MINUTE_MS)
    after.clock.run(1000)
    expect([after.job('j').status, after.counts('j')]).toEqual(['SCHEDULED', { Queued: 2 }])
    after.clock.run(10 * MINUTE_MS)
    expect([after.job('j').status, after.counts('j')]).toEqual(['IN_PROGRESS', { Queued: 4 }])
  })

  test('a number that was given once is not given again', () => {
    const cloud = fleet()
    cloud.createJob('j', ['fleet'], { targetSelection: 'CONTINUOUS' })
    cloud.iot('DeleteJobExecution', { thingName: 'a', jobId: 'j', executionNumber: '1' })
    const after = restarted(cloud)
    after.registry.leave('a', 'fleet')
    after.registry.join('a', 'fleet')
    expect(after.device('a', '$next/get').body.execution.executionNumber).toBe(2)
  })

  test('a reset cloud has nothing to come back to', () => {
    const cloud = fleet()
    cloud.createJob('j', ['fleet'])
    cloud.jobs.reset()
    cloud.store!.clear()
    expect(restarted(cloud).iot('ListJobs', {})).toEqual({ jobs: [] })
  })
})
