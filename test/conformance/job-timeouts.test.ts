import { expect } from 'vitest'
import { jobsTopic, newJob } from './jobs.ts'
import { conformance, type Target } from './target.ts'

async function remaining(target: Target, thingName: string, jobId: string): Promise<number | undefined> {
  const { execution } = await target.jobs.describeJobExecution({ thingName, jobId })
  return execution!.approximateSecondsBeforeTimedOut
}

async function status(target: Target, thingName: string, jobId: string): Promise<string | undefined> {
  return (await target.iot.describeJobExecution({ thingName, jobId })).execution!.status
}

conformance('Timeouts of a job', ({ behaviour }) => {
  behaviour('a step ends no later than the execution', { row: 50, source: '§4.5 [G]', embeddedOnly: true }, async (target) => {
    const { name: thingName, arn } = await target.thing()
    const jobId = await newJob(target, [arn], { timeoutConfig: { inProgressTimeoutInMinutes: 20 } })
    const step = (stepTimeoutInMinutes: number) => target.jobs.updateJobExecution({ thingName, jobId, status: 'IN_PROGRESS', stepTimeoutInMinutes })
    await target.jobs.startNextPendingJobExecution({ thingName })
    await target.pass(300)
    await step(7)
    expect(await remaining(target, thingName, jobId)).toBeCloseTo(420, -1)
    await target.pass(300)
    await step(5)
    expect(await remaining(target, thingName, jobId)).toBeCloseTo(300, -1)
    await target.pass(180)
    await step(9)
    expect(await remaining(target, thingName, jobId)).toBeCloseTo(420, -1)
    await target.pass(400)
    expect(await status(target, thingName, jobId)).toBe('IN_PROGRESS')
    await target.pass(30)
    expect(await status(target, thingName, jobId)).toBe('TIMED_OUT')
  })

  behaviour('-1 discards the step, and the timer of the execution stays', { row: 51, source: '§4.5 [M]' }, async (target) => {
    const { name: thingName, arn } = await target.thing()
    const jobId = await newJob(target, [arn], { timeoutConfig: { inProgressTimeoutInMinutes: 20 } })
    await target.jobs.startNextPendingJobExecution({ thingName, stepTimeoutInMinutes: 5 })
    expect(await remaining(target, thingName, jobId)).toBeLessThanOrEqual(300)
    await target.jobs.updateJobExecution({ thingName, jobId, status: 'IN_PROGRESS', stepTimeoutInMinutes: -1 })
    const seconds = await remaining(target, thingName, jobId)
    expect(seconds).toBeGreaterThan(1100)
    expect(seconds).toBeLessThanOrEqual(1200)
  })

  behaviour('what is queued never times out', { row: 52, source: '§4.5 [G]', embeddedOnly: true }, async (target) => {
    const { name: thingName, arn } = await target.thing()
    const jobId = await newJob(target, [arn], { timeoutConfig: { inProgressTimeoutInMinutes: 1 } })
    await target.pass(3600)
    expect(await status(target, thingName, jobId)).toBe('QUEUED')
  })

  behaviour('the remaining seconds are told while it runs, and not before or after', { row: 53, source: '§4.5 [M]' }, async (target) => {
    const { name: thingName, arn } = await target.thing()
    const jobId = await newJob(target, [arn], { timeoutConfig: { inProgressTimeoutInMinutes: 10 } })
    expect(await remaining(target, thingName, jobId)).toBeUndefined()
    await target.jobs.startNextPendingJobExecution({ thingName })
    expect(await remaining(target, thingName, jobId)).toBeGreaterThan(570)
    await target.jobs.updateJobExecution({ thingName, jobId, status: 'SUCCEEDED' })
    const { execution } = await target.iot.describeJobExecution({ thingName, jobId })
    expect(execution).not.toHaveProperty('approximateSecondsBeforeTimedOut')
  })

  behaviour('a timeout is told to the device', { source: '§1.8 [G] §4.5 [G]', timeout: 200_000 }, async (target) => {
    const { name: thingName, arn } = await target.thing()
    const jobId = await newJob(target, [arn], { timeoutConfig: { inProgressTimeoutInMinutes: 1 } })
    const device = await target.device({ clientId: thingName })
    await device.request(jobsTopic(thingName, 'start-next'))
    await device.subscribe(jobsTopic(thingName, 'notify'), jobsTopic(thingName, 'notify-next'))
    await target.pass(125)
    expect((await device.next(jobsTopic(thingName, 'notify'))).payload.jobs).toEqual({})
    expect((await device.next(jobsTopic(thingName, 'notify-next'))).payload).not.toHaveProperty('execution')
    expect(await status(target, thingName, jobId)).toBe('TIMED_OUT')
  })

  behaviour('an update of the job leaves the timers that run', { source: '§3.4 [G]' }, async (target) => {
    const { name: thingName, arn } = await target.thing()
    const jobId = await newJob(target, [arn], { timeoutConfig: { inProgressTimeoutInMinutes: 20 } })
    await target.jobs.startNextPendingJobExecution({ thingName })
    await target.iot.updateJob({ jobId, timeoutConfig: { inProgressTimeoutInMinutes: 1 } })
    expect(await remaining(target, thingName, jobId)).toBeGreaterThan(1100)
  })
})
