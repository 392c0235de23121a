import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { FakeCloud, START_MS } from '../fake-context.ts'

const fleet = (things: number): string[] => Array.from({ length: things }, (_, index) => `t${index}`)

function rehearse(things: number, jobExecutionsRolloutConfig: object): FakeCloud {
  const cloud = new FakeCloud()
  cloud.registry.addGroup('fleet', fleet(things))
  cloud.bus.isWanted = () => false
  cloud.createJob('j', ['fleet'], { jobExecutionsRolloutConfig })
  return cloud
}

describe('the pace of a rollout', () => {
  test('row 39: 10 000 targets at 60 a minute: executions exist only for those that were notified', () => {
    const cloud = rehearse(10_000, { maximumPerMinute: 60 })
    expect(cloud.counts('j')).toEqual({ Queued: 1 })
    cloud.clock.run(59_999)
    expect(cloud.counts('j')).toEqual({ Queued: 60 })
    const { executionSummaries, nextToken } = cloud.iot('ListJobExecutionsForJob', { jobId: 'j' })
    expect(executionSummaries).toHaveLength(60)
    expect(nextToken).toBeUndefined()
    expect(cloud.device('t60', 'j/get').code).toBe('ResourceNotFound')
    expect(cloud.job('j')).toMatchObject({ isConcurrent: true, jobProcessDetails: { processingTargets: [cloud.targetArn('fleet')] } })
  })

  test('row 40: 50, 100, 200, 400 a minute, switching at 1000, 2000 and 3000 notified things', () => {
    const exponentialRate = { baseRatePerMinute: 50, incrementFactor: 2, rateIncreaseCriteria: { numberOfNotifiedThings: 1000 } }
    const cloud = rehearse(4000, { exponentialRate })
    const minutesTo = (queued: number): number => {
      let minutes = 0
      for (; cloud.counts('j')['Queued']! < queued; minutes++) cloud.clock.run(60_000)
      return minutes
    }
    expect([1000, 2000, 3000, 4000].map(minutesTo)).toEqual([20, 10, 5, 3])
  })

  test('row 41: with maximumPerMinute 150 the steps go at 50, 100, 150, 150 a minute', () => {
    const exponentialRate = { baseRatePerMinute: 50, incrementFactor: 2, rateIncreaseCriteria: { numberOfNotifiedThings: 1000 } }
    const cloud = rehearse(4000, { exponentialRate, maximumPerMinute: 150 })
    const minutes: number[] = []
    for (let before = 0; minutes.length < 42; before = cloud.counts('j')['Queued']!) {
      cloud.clock.run(minutes.length === 0 ? 59_999 : 60_000)
      minutes.push(cloud.counts('j')['Queued']! - before)
    }
    expect([minutes[5], minutes[25], minutes[33], minutes[41]]).toEqual([50, 100, 150, 150])
  })

  test('row 42: nobody succeeds, so the rate stays at its base; when they do, it rises at once', () => {
    const exponentialRate = { baseRatePerMinute: 1, incrementFactor: 5, rateIncreaseCriteria: { numberOfSucceededThings: 2 } }
    const cloud = rehearse(4000, { exponentialRate })
    cloud.clock.run(10 * 60_000 - 1)
    expect(cloud.counts('j')).toEqual({ Queued: 10 })
    for (let thing = 0; thing < 6; thing++) cloud.device(`t${thing}`, 'j/update', { status: 'SUCCEEDED' })
    cloud.clock.run(60_000)
    expect(cloud.counts('j')).toEqual({ Succeeded: 6, Queued: 4 + 125 })
  })

  test('it sleeps while there is nothing to do: one wake a minute at one a minute', () => {
    const cloud = rehearse(10, { maximumPerMinute: 1 })
    cloud.clock.run(3_600_000)
    expect(cloud.clock.wakes).toBe(9)
    expect(cloud.counts('j')).toEqual({ Queued: 10 })
    expect(cloud.job('j').isConcurrent).toBe(false)
  })

  test('a rate that UpdateJob raises or lowers holds for the rest', () => {
    const cloud = rehearse(4000, { maximumPerMinute: 1 })
    cloud.clock.run(2 * 60_000)
    expect(cloud.counts('j')).toEqual({ Queued: 3 })
    cloud.iot('UpdateJob', { jobId: 'j' }, { body: { jobExecutionsRolloutConfig: { maximumPerMinute: 600 } } })
    cloud.clock.run(60_000)
    expect(cloud.counts('j')['Queued']).toBe(3 + 600)
  })

  test('a late tick is made up for second by second', () => {
    const cloud = rehearse(4000, { maximumPerMinute: 60 })
    cloud.clock.jump(45_500)
    expect(cloud.counts('j')).toEqual({ Queued: 46 })
  })

  test('one job at the ceiling wakes once a second and is done in time', () => {
    const cloud = rehearse(3000, {})
    cloud.clock.run(179_000)
    expect(cloud.counts('j')).toEqual({ Queued: 3000 })
    expect(cloud.clock.wakes).toBe(179)
  })
})

describe('whatever happens during a rollout', () => {
  const rates = fc.record({
    baseRatePerMinute: fc.integer({ min: 1, max: 300 }),
    incrementFactor: fc.integer({ min: 11, max: 50 }).map((tenths) => tenths / 10),
    rateIncreaseCriteria: fc.oneof(
      fc.record({ numberOfNotifiedThings: fc.integer({ min: 1, max: 100 }) }),
      fc.record({ numberOfSucceededThings: fc.integer({ min: 1, max: 20 }) }),
    ),
  })
  const statuses = fc.constantFrom('IN_PROGRESS', 'SUCCEEDED', 'FAILED', 'REJECTED')
  const steps = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('run' as const), ms: fc.integer({ min: 1, max: 40_000 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('jump' as const), ms: fc.integer({ min: 1, max: 90_000 }) }) },
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('report' as const), thing: fc.nat(399), many: fc.integer({ min: 1, max: 40 }), status: statuses }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), thing: fc.nat(399) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), thing: fc.nat(399) }) },
  )

  property.prop([rates, fc.array(steps, { maxLength: 60 })])(
    'no thing is notified twice, no minute is above its rate, counters add up',
    (exponentialRate, script) => {
      const cloud = new FakeCloud()
      cloud.registry.addGroup('fleet', fleet(400))
      cloud.registry.addGroup('again', fleet(100))
      const notified: string[] = []
      let deleted = 0
      cloud.createJob('j', ['fleet', 'again', 't3'], { jobExecutionsRolloutConfig: { exponentialRate } })
      const seen = (): void => {
        for (const { topic, payload } of cloud.bus.published.splice(0)) {
          if (topic.endsWith('/notify') && payload.includes('"versionNumber":1}')) notified.push(topic)
        }
      }
      const inMinute: number[] = []
      const rateAt: number[] = []
      const job = cloud.jobs.job('j')!
      const measure = (): void => {
        seen()
        const minute = Math.floor((cloud.clock.now() - START_MS) / 60_000)
        inMinute[minute] = job.notified
        rateAt[minute] = currentRate(exponentialRate, job.notified, job.succeeded)
      }
      for (const step of script) {
        if (step.do === 'run' || step.do === 'jump') {
          for (let left = step.ms; left > 0;) {
            const toEdge = 60_000 - ((cloud.clock.now() - START_MS) % 60_000)
            const ms = step.do === 'jump' ? left : Math.min(left, toEdge - 1 || toEdge)
            cloud.clock[step.do](ms)
            left -= ms
            measure()
          }
        } else if (step.do === 'report') {
          for (let thing = step.thing; thing < step.thing + step.many; thing++) cloud.device(`t${thing % 400}`, 'j/update', { status: step.status })
        } else if (step.do === 'cancel') {
          const execution = cloud.jobs.thing(`t${step.thing}`)?.of(job)
          if (execution?.status === 'QUEUED') cloud.iot('CancelJobExecution', { thingName: `t${step.thing}`, jobId: 'j' })
        } else if (cloud.registry.hasThing(`t${step.thing}`)) {
          if (cloud.jobs.thing(`t${step.thing}`)?.of(job)) deleted++
          cloud.registry.delete(`t${step.thing}`)
        }
        measure()
        expect(Object.values(cloud.counts('j')).reduce((sum, count) => sum + count, 0)).toBe(job.notified - deleted)
        expect(countsByHand(job.executions)).toEqual(job.counts)
      }
      expect(new Set(notified).size).toBe(notified.length)
      if (script.some((step) => step.do === 'jump')) return
      inMinute.forEach((total, minute) => expect(total - (inMinute[minute - 1] ?? 0)).toBeLessThanOrEqual(rateAt[minute]!))
    },
  )

  property.prop([fc.integer({ min: 1, max: 1000 }), fc.array(fc.integer({ min: 1, max: 200_000 }), { maxLength: 8 })])(
    'late ticks never get ahead of the rate of the minutes that have begun',
    (maximumPerMinute, jumpsMs) => {
      const cloud = rehearse(5000, { maximumPerMinute })
      const job = cloud.jobs.job('j')!
      for (const ms of jumpsMs) {
        cloud.clock.jump(ms)
        const seconds = Math.floor((cloud.clock.now() - START_MS) / 1000) + 1
        expect(job.notified).toBe(Math.min(5000, Math.ceil((maximumPerMinute * (seconds % 60)) / 60) + maximumPerMinute * Math.floor(seconds / 60)))
      }
    },
  )
})

function currentRate(
  { baseRatePerMinute, incrementFactor, rateIncreaseCriteria }: { baseRatePerMinute: number; incrementFactor: number; rateIncreaseCriteria: object },
  notified: number,
  succeeded: number,
): number {
  const { numberOfNotifiedThings, numberOfSucceededThings } = rateIncreaseCriteria as Record<string, number | undefined>
  const step = Math.floor(numberOfNotifiedThings === undefined ? succeeded / numberOfSucceededThings! : notified / numberOfNotifiedThings)
  return Math.min(1000, Math.floor(baseRatePerMinute * incrementFactor ** step + 1e-9))
}

function countsByHand(executions: readonly { status: string; deleted: boolean }[]): Record<string, number> {
  const counts: Record<string, number> = {
    QUEUED: 0,
    IN_PROGRESS: 0,
    SUCCEEDED: 0,
    FAILED: 0,
    TIMED_OUT: 0,
    REJECTED: 0,
    REMOVED: 0,
    CANCELED: 0,
  }
  for (const { status, deleted } of executions) if (!deleted) counts[status]!++
  return counts
}
