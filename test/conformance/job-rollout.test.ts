import type { JobExecutionsRolloutConfig } from '@aws-sdk/client-iot'
import { expect } from 'vitest'
import { counts, eventually, newFleet, newJob, report } from './jobs.ts'
import { conformance, type Target } from './target.ts'

/** Things that were notified after each of the first minutes of a rollout to `size` things. */
async function notifiedByMinute(
  target: Target,
  size: number,
  minutes: number,
  jobExecutionsRolloutConfig: JobExecutionsRolloutConfig,
): Promise<number[]> {
  const { group } = await newFleet(target, size)
  const jobId = await newJob(target, [group.arn], { jobExecutionsRolloutConfig })
  const notified: number[] = []
  await target.pass(59)
  for (let minute = 0; minute < minutes; minute++) {
    notified.push((await counts(target, jobId))['Queued'] ?? 0)
    await target.pass(60)
  }
  return notified
}

conformance('Rollout of a job', ({ behaviour }) => {
  behaviour('things have no execution before it is their turn', { row: 39, source: '§4.2 [G]', timeout: 120_000 }, async (target) => {
    const { group } = await newFleet(target, 30)
    const jobId = await newJob(target, [group.arn], { jobExecutionsRolloutConfig: { maximumPerMinute: 10 } })
    await target.pass(50)
    const { Queued = 0, ...others } = await counts(target, jobId)
    const { executionSummaries } = await target.iot.listJobExecutionsForJob({ jobId })
    expect(others).toEqual({})
    expect(Queued).toBeLessThanOrEqual(10)
    expect(executionSummaries).toHaveLength(Queued)
  })

  behaviour(
    'the rate rises at multiples of the criterion, not at its powers',
    { row: 40, source: '§4.3 [G]', embeddedOnly: true },
    async (target) => {
      const exponentialRate = { baseRatePerMinute: 10, incrementFactor: 2, rateIncreaseCriteria: { numberOfNotifiedThings: 20 } }
      const notified = await notifiedByMinute(target, 100, 4, { exponentialRate })
      expect(notified.slice(0, 3).map((things) => things - (things % 5))).toEqual([10, 20, 40])
      expect(notified[3]).toBeGreaterThanOrEqual(80)
    },
  )

  behaviour('no step exceeds the maximum', { row: 41, source: '§4.3 [G]', embeddedOnly: true }, async (target) => {
    const exponentialRate = { baseRatePerMinute: 5, incrementFactor: 2, rateIncreaseCriteria: { numberOfNotifiedThings: 5 } }
    const notified = await notifiedByMinute(target, 60, 4, { exponentialRate, maximumPerMinute: 15 })
    expect(notified.slice(1).map((things, minute) => things - notified[minute]!)).toEqual([14, 15, 15])
  })

  behaviour('nobody succeeds, and the rate stays at its base', { row: 42, source: '§4.3 [G]', embeddedOnly: true }, async (target) => {
    const exponentialRate = { baseRatePerMinute: 2, incrementFactor: 5, rateIncreaseCriteria: { numberOfSucceededThings: 1 } }
    expect(await notifiedByMinute(target, 20, 4, { exponentialRate })).toEqual([2, 4, 6, 8])
  })

  behaviour(
    'a continuous job never completes, and a thing that joins does not wait for its turn',
    { row: 47, source: '§4.1 [G]' },
    async (target) => {
      const { things, group } = await newFleet(target, 1)
      const jobId = await newJob(target, [group.arn], { targetSelection: 'CONTINUOUS', jobExecutionsRolloutConfig: { maximumPerMinute: 1 } })
      await report(target, things[0]!.name, jobId, 'SUCCEEDED')
      expect((await target.iot.describeJob({ jobId })).job!.status).toBe('IN_PROGRESS')
      const joining = [await target.thing(), await target.thing()]
      for (const { name } of joining) await target.iot.addThingToThingGroup({ thingGroupName: group.name, thingName: name })
      await eventually(async () => expect(await counts(target, jobId)).toEqual({ Succeeded: 1, Queued: 2 }))
    },
  )

  behaviour('leaving the group removes what is queued, coming back starts anew', { row: 48, source: '§4.1 [G]' }, async (target) => {
    const { things, group } = await newFleet(target, 1)
    const membership = { thingGroupName: group.name, thingName: things[0]!.name }
    const jobId = await newJob(target, [group.arn], { targetSelection: 'CONTINUOUS' })
    const device = await target.device({ clientId: things[0]!.name })
    const topic = `$aws/things/${things[0]!.name}/jobs/notify`
    await device.subscribe(topic)
    await target.iot.removeThingFromThingGroup(membership)
    expect((await device.next(topic)).payload.jobs).toEqual({})
    expect(await counts(target, jobId)).toEqual({ Removed: 1 })
    await target.iot.addThingToThingGroup(membership)
    expect((await device.next(topic)).payload.jobs).toMatchObject({ QUEUED: [{ jobId }] })
    expect(await counts(target, jobId)).toEqual({ Queued: 1 })
  })

  behaviour('a job for a group reaches the things of its child groups', { row: 49, source: '§4.1 [G]' }, async (target) => {
    const parent = await target.group()
    const thing = await target.thing()
    await target.group([thing.name], parent.name)
    const jobId = await newJob(target, [parent.arn])
    const { executionSummaries } = await target.iot.listJobExecutionsForJob({ jobId })
    expect(executionSummaries).toMatchObject([{ thingArn: thing.arn }])
  })

  behaviour('a thing in two targets gets one execution', { source: '§4.1 [G]' }, async (target) => {
    const { things, group } = await newFleet(target, 1)
    const jobId = await newJob(target, [group.arn, things[0]!.arn])
    expect((await target.iot.listJobExecutionsForJob({ jobId })).executionSummaries).toHaveLength(1)
  })
})
