import { expect } from 'vitest'
import type { Device } from './device.ts'
import { jobsTopic, newJob, report } from './jobs.ts'
import { conformance, type Target } from './target.ts'

interface Listener {
  readonly name: string
  readonly arn: string
  readonly device: Device
  /** The buckets of the next list, as job ids. */
  readonly list: () => Promise<Record<string, string[]>>
  /** The execution of the next head. */
  readonly head: () => Promise<{ jobId: string; status: string; versionNumber: number } | undefined>
}

/** A device that hears of its jobs. */
async function listening(target: Target): Promise<Listener> {
  const { name, arn } = await target.thing()
  const device = await target.device({ clientId: name })
  await device.subscribe(jobsTopic(name, 'notify'), jobsTopic(name, 'notify-next'))
  return {
    name,
    arn,
    device,
    async list() {
      const { jobs } = (await device.next(jobsTopic(name, 'notify'))).payload as { jobs: Record<string, { jobId: string }[]> }
      return Object.fromEntries(Object.entries(jobs).map(([status, summaries]) => [status, summaries.map(({ jobId }) => jobId)]))
    },
    head: async () => (await device.next(jobsTopic(name, 'notify-next'))).payload.execution,
  }
}

conformance('Notifications of jobs', ({ behaviour }) => {
  behaviour('after the last job the list is empty and the head is absent', { row: 10, source: '§1.8 [G][C]' }, async (target) => {
    const { name, arn, device } = await listening(target)
    const jobId = await newJob(target, [arn])
    for (const topic of ['notify', 'notify-next']) await device.next(jobsTopic(name, topic))
    await device.request(jobsTopic(name, `${jobId}/update`), { status: 'SUCCEEDED' })
    expect((await device.next(jobsTopic(name, 'notify'))).payload).toEqual({ timestamp: expect.any(Number), jobs: {} })
    expect((await device.next(jobsTopic(name, 'notify-next'))).payload).toEqual({ timestamp: expect.any(Number) })
  })

  behaviour('starting the head tells nothing', { row: 11, source: '§1.8 [G][C]' }, async (target) => {
    const { name, arn, device, list, head } = await listening(target)
    await newJob(target, [arn])
    await list()
    await head()
    await device.request(jobsTopic(name, 'start-next'))
    await device.quiet(1000)
  })

  behaviour('progress tells nothing', { row: 12, source: '§1.8 [G]' }, async (target) => {
    const { name, arn, device, list, head } = await listening(target)
    const jobId = await newJob(target, [arn])
    await list()
    await head()
    for (let update = 0; update < 5; update++) await device.request(jobsTopic(name, `${jobId}/update`), { status: 'IN_PROGRESS' })
    await device.quiet()
  })

  behaviour('an execution that jumps the queue is the new head, and the list is not told', { row: 13, source: '§1.8 [G]' }, async (target) => {
    const { name, arn, device, list, head } = await listening(target)
    const [first, , third] = [await newJob(target, [arn]), await newJob(target, [arn]), await newJob(target, [arn])]
    for (let job = 0; job < 3; job++) await list()
    expect(await head()).toMatchObject({ jobId: first })
    await device.request(jobsTopic(name, `${third}/update`), { status: 'IN_PROGRESS' })
    expect(await head()).toMatchObject({ jobId: third, status: 'IN_PROGRESS', versionNumber: 2, startedAt: expect.any(Number) })
    await device.quiet()
  })

  behaviour('what happens to three jobs is told as in the guide', { source: '§1.8 [G]' }, async (target) => {
    const { name, arn, device, list, head } = await listening(target)
    const update = (jobId: string, status: string) => device.request(jobsTopic(name, `${jobId}/update`), { status })
    const one = await newJob(target, [arn])
    expect([await list(), await head()]).toMatchObject([{ QUEUED: [one] }, { jobId: one, status: 'QUEUED' }])
    const two = await newJob(target, [arn])
    expect(await list()).toEqual({ QUEUED: [one, two] })
    await update(one, 'IN_PROGRESS')
    const three = await newJob(target, [arn])
    expect(await list()).toEqual({ IN_PROGRESS: [one], QUEUED: [two, three] })
    await update(one, 'SUCCEEDED')
    expect([await list(), await head()]).toMatchObject([{ QUEUED: [two, three] }, { jobId: two, status: 'QUEUED' }])
    await update(three, 'IN_PROGRESS')
    expect(await head()).toMatchObject({ jobId: three, status: 'IN_PROGRESS' })
    await update(two, 'REJECTED')
    expect(await list()).toEqual({ IN_PROGRESS: [three] })
    await target.iot.deleteJob({ jobId: three, force: true })
    expect([await list(), await head()]).toEqual([{}, undefined])
    await device.quiet()
  })

  behaviour('notifications are not retained', { row: 30, source: '§1.3 [G][E]' }, async (target) => {
    const { name, arn } = await target.thing()
    await newJob(target, [arn])
    const device = await target.device({ clientId: name })
    await device.subscribe(jobsTopic(name, 'notify'), jobsTopic(name, 'notify-next'))
    await device.quiet()
    await newJob(target, [arn])
    expect((await device.next(jobsTopic(name, 'notify'))).retain).toBe(false)
  })

  behaviour('what changes over HTTPS is told over MQTT', { row: 31, source: '§1.3 [G]' }, async (target) => {
    const { name, arn, list, head } = await listening(target)
    const jobId = await newJob(target, [arn])
    await list()
    await head()
    await report(target, name, jobId, 'SUCCEEDED')
    expect([await list(), await head()]).toEqual([{}, undefined])
  })

  behaviour('a job of a namespace has a topic of its own', { source: '§1.1 [M]', embeddedOnly: true }, async (target) => {
    const { name, arn, device } = await listening(target)
    const jobId = target.name('job')
    const topic = jobsTopic(name, `${jobId}/notify-namespace-ns/`)
    await device.subscribe(topic)
    await newJob(target, [arn], { jobId, namespaceId: 'ns' })
    expect((await device.next(topic)).payload.jobs.QUEUED).toMatchObject([{ jobId }])
    await device.quiet()
  })
})
