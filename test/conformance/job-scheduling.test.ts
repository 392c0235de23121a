import { expect } from 'vitest'
import { counts, newFleet, newJob } from './jobs.ts'
import { conformance, type Target } from './target.ts'

/** The cloud's time, from what it says of a job of its own. */
async function now(target: Target): Promise<number> {
  const { arn } = await target.thing()
  const jobId = await newJob(target, [arn])
  return (await target.iot.describeJob({ jobId })).job!.createdAt!.getTime()
}

const MINUTE_MS = 60_000
const text = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ')

conformance('Scheduling of a job', ({ behaviour }) => {
  behaviour('a job with a start is SCHEDULED, has no executions, and can be canceled', { source: '§4.7 [M]' }, async (target) => {
    const { arn } = await target.thing()
    const schedulingConfig = { startTime: text((await now(target)) + 60 * MINUTE_MS) }
    const jobId = await newJob(target, [arn], { schedulingConfig }, 0)
    expect((await target.iot.describeJob({ jobId })).job).toMatchObject({ status: 'SCHEDULED', schedulingConfig })
    expect(await counts(target, jobId)).toEqual({})
    await target.iot.cancelJob({ jobId })
    expect((await target.iot.describeJob({ jobId })).job!.status).toBe('CANCELED')
  })

  behaviour('it begins at its start', { source: '§4.7 [M]', embeddedOnly: true }, async (target) => {
    const { arn } = await target.thing()
    const schedulingConfig = { startTime: text((await now(target)) + 60 * MINUTE_MS) }
    const jobId = await newJob(target, [arn], { schedulingConfig }, 0)
    await target.pass(3660)
    expect((await target.iot.describeJob({ jobId })).job!.status).toBe('IN_PROGRESS')
    expect(await counts(target, jobId)).toEqual({ Queued: 1 })
  })

  behaviour('a start in ten minutes, or an end before the start, is refused', { source: '§4.7 [M]' }, async (target) => {
    const { arn } = await target.thing()
    const nowMs = await now(target)
    const at = (minutes: number) => text(nowMs + minutes * MINUTE_MS)
    for (const schedulingConfig of [{ startTime: at(10) }, { startTime: at(120), endTime: at(60) }, { startTime: 'soon' }])
      await expect(newJob(target, [arn], { schedulingConfig }, 0)).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })

  for (const [endBehavior, status, after] of [
    ['STOP_ROLLOUT', 'IN_PROGRESS', { Queued: 1, InProgress: 1 }],
    ['CANCEL', 'IN_PROGRESS', { Canceled: 1, InProgress: 1 }],
    ['FORCE_CANCEL', 'COMPLETED', { Canceled: 2 }],
  ] as const)
    behaviour(`what its end does, with ${endBehavior}`, { source: '§4.7 [M][I]', embeddedOnly: true }, async (target) => {
      const { things, group } = await newFleet(target, 2)
      const schedulingConfig = { endTime: text((await now(target)) + 60 * MINUTE_MS), endBehavior }
      const jobId = await newJob(target, [group.arn], { schedulingConfig, targetSelection: 'CONTINUOUS' }, 2)
      await target.jobs.startNextPendingJobExecution({ thingName: things[0]!.name })
      await target.pass(3660)
      const late = await target.thing()
      await target.iot.addThingToThingGroup({ thingGroupName: group.name, thingName: late.name })
      expect((await target.iot.describeJob({ jobId })).job!.status).toBe(status)
      expect(await counts(target, jobId)).toEqual(after)
    })

  behaviour(
    'a job rolls out in its maintenance windows only, and shows the next seven',
    { source: '§4.7 [M][G+]', embeddedOnly: true },
    async (target) => {
      const { things, group } = await newFleet(target, 1)
      const soon = new Date((await now(target)) + 10 * MINUTE_MS)
      const startTime = `cron(${soon.getUTCMinutes()} ${soon.getUTCHours()} * * ? *)`
      const schedulingConfig = { maintenanceWindows: [{ startTime, durationInMinutes: 30 }] }
      const jobId = await newJob(target, [group.arn], { schedulingConfig, targetSelection: 'CONTINUOUS' }, 0)
      const { job } = await target.iot.describeJob({ jobId })
      expect(job!.status).toBe('SCHEDULED')
      expect(job!.scheduledJobRollouts).toHaveLength(7)
      expect(job!.scheduledJobRollouts![0]).toEqual({ startTime: text(soon.getTime()) })
      const thingName = things[0]!.name
      const pending = async () => (await target.jobs.getPendingJobExecutions({ thingName })).queuedJobs!.length
      await target.pass(660)
      expect([(await target.iot.describeJob({ jobId })).job!.status, await pending()]).toEqual(['IN_PROGRESS', 1])
      await target.pass(1800)
      expect([(await target.iot.describeJob({ jobId })).job!.status, await pending()]).toEqual(['SCHEDULED', 0])
      await target.pass(86_400 - 1800)
      expect([(await target.iot.describeJob({ jobId })).job!.status, await pending()]).toEqual(['IN_PROGRESS', 1])
    },
  )

  behaviour('a window that is no cron expression of six fields is refused', { source: '§4.7 [M]' }, async (target) => {
    const { arn } = await target.thing()
    for (const startTime of ['every day', '0 12 * *', '99 12 * * ? *'])
      await expect(
        newJob(target, [arn], { schedulingConfig: { maintenanceWindows: [{ startTime, durationInMinutes: 30 }] }, targetSelection: 'CONTINUOUS' }, 0),
      ).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })
})
