import { expect } from 'vitest'
import type { Device } from './device.ts'
import { newFleet, newJob, report } from './jobs.ts'
import { conformance, type Target } from './target.ts'

/** Somebody who hears of all events of a job, which are on or off. */
async function listener(target: Target, jobId: string, isOn = true): Promise<Device> {
  const Enabled = isOn
  await target.iot.updateEventConfigurations({ eventConfigurations: { JOB: { Enabled }, JOB_EXECUTION: { Enabled } } })
  const device = await target.device()
  await device.subscribe(`$aws/events/job/${jobId}/#`, `$aws/events/jobExecution/${jobId}/#`)
  return device
}

/** The last words of the topics of the next events, in order of arrival. */
async function operations(device: Device, count: number): Promise<string[]> {
  const words: string[] = []
  while (words.length < count)
    words.push(
      (await device.next()).topic
        .split('/')
        .slice(2)
        .join('/')
        .replace(/\/.*\//, '/'),
    )
  return words
}

conformance('Events of jobs', ({ behaviour }) => {
  behaviour('nothing is told until events are switched on', { row: 70, source: '§7 [G]' }, async (target) => {
    const { name, arn } = await target.thing()
    const [silent, told] = [target.name('job'), target.name('job')]
    const early = await listener(target, silent, false)
    await newJob(target, [arn], { jobId: silent })
    await report(target, name, silent, 'SUCCEEDED')
    await early.quiet(1000)
    const late = await listener(target, told)
    await newJob(target, [arn], { jobId: told })
    await report(target, name, told, 'SUCCEEDED')
    expect((await operations(late, 2)).toSorted()).toEqual(['job/completed', 'jobExecution/succeeded'])
  })

  behaviour('an event says when in seconds, and what happened when in milliseconds', { row: 71, source: '§7 [G][C]' }, async (target) => {
    const { name, arn } = await target.thing()
    const jobId = target.name('job')
    const device = await listener(target, jobId)
    await newJob(target, [arn], { jobId, description: 'to 2.0' })
    await target.jobs.updateJobExecution({ thingName: name, jobId, status: 'SUCCEEDED', statusDetails: { version: '2.0' } })
    expect((await device.next(`$aws/events/jobExecution/${jobId}/succeeded`)).payload).toEqual({
      eventType: 'JOB_EXECUTION',
      eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      timestamp: expect.any(Number),
      operation: 'succeeded',
      jobId,
      thingArn: arn,
      status: 'SUCCEEDED',
      statusDetails: { version: '2.0' },
    })
    const { payload } = await device.next(`$aws/events/job/${jobId}/completed`)
    expect(payload).toMatchObject({
      eventType: 'JOB',
      operation: 'completed',
      jobId,
      status: 'COMPLETED',
      targetSelection: 'SNAPSHOT',
      targets: [arn],
      description: 'to 2.0',
      jobProcessDetails: { numberOfSucceededThings: 1, numberOfFailedThings: 0 },
    })
    expect(String(payload.timestamp)).toMatch(/^\d{10}$/)
    for (const time of [payload.completedAt, payload.createdAt, payload.lastUpdatedAt]) expect(String(time)).toMatch(/^\d{13}$/)
  })

  behaviour('a cancellation is told when it begins and when it is done', { row: 72, source: '§7 [G]' }, async (target) => {
    const { group } = await newFleet(target, 2)
    const jobId = target.name('job')
    const device = await listener(target, jobId)
    await newJob(target, [group.arn], { jobId }, 2)
    await target.iot.cancelJob({ jobId, comment: 'stop' })
    const told = await operations(device, 4)
    expect(told.toSorted()).toEqual(['job/canceled', 'job/cancellation_in_progress', 'jobExecution/canceled', 'jobExecution/canceled'])
    expect(told.indexOf('job/cancellation_in_progress')).toBeLessThan(told.indexOf('job/canceled'))
  })

  behaviour('a deletion is told when it begins and when it is done', { source: '§7 [G]' }, async (target) => {
    const { arn } = await target.thing()
    const jobId = target.name('job')
    const device = await listener(target, jobId)
    await newJob(target, [arn], { jobId })
    await target.iot.deleteJob({ jobId, force: true })
    const begun = await device.next(`$aws/events/job/${jobId}/deletion_in_progress`)
    const done = await device.next(`$aws/events/job/${jobId}/deleted`)
    expect([begun.payload.status, done.payload.status]).toEqual(['DELETION_IN_PROGRESS', 'DELETED'])
  })

  behaviour('every failed attempt is told', { source: '§7 [I]' }, async (target) => {
    const { name, arn } = await target.thing()
    const jobId = target.name('job')
    const device = await listener(target, jobId)
    await newJob(target, [arn], { jobId, jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'FAILED', numberOfRetries: 1 }] } })
    for (let attempt = 0; attempt < 2; attempt++) {
      await report(target, name, jobId, 'FAILED')
      expect((await device.next(`$aws/events/jobExecution/${jobId}/failed`)).payload.status).toBe('FAILED')
    }
  })
})
