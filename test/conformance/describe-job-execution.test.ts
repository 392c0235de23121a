import { expect } from 'vitest'
import { jobsTopic, newJob, report } from './jobs.ts'
import { conformance } from './target.ts'

conformance('DescribeJobExecution', ({ behaviour }) => {
  behaviour('$next is found, literal over MQTT and encoded over HTTPS', { row: 2, source: '§2.1 [W]' }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn])
    const device = await target.device({ clientId: thing.name })
    const { topic, payload } = await device.request(jobsTopic(thing.name, '$next/get'))
    expect(topic).toBe(jobsTopic(thing.name, '$next/get/accepted'))
    expect(payload.execution).toMatchObject({ jobId, status: 'QUEUED' })
    expect((await target.jobs.describeJobExecution({ thingName: thing.name, jobId: '$next' })).execution).toMatchObject({ jobId, status: 'QUEUED' })
    expect((await target.jobs.startNextPendingJobExecution({ thingName: thing.name })).execution).toMatchObject({ jobId })
  })

  behaviour('every time on the device plane is whole seconds', { row: 3, source: '§1.2 [M][C]' }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn])
    await report(target, thing.name, jobId, 'IN_PROGRESS')
    const device = await target.device({ clientId: thing.name })
    const { payload } = await device.request(jobsTopic(thing.name, `${jobId}/get`))
    const { queuedAt, startedAt, lastUpdatedAt } = payload.execution
    for (const time of [payload.timestamp, queuedAt, startedAt, lastUpdatedAt]) expect(Number.isInteger(time) && time > 1e9 && time < 1e11).toBe(true)
  })

  behaviour('the document is an object over MQTT and text over HTTPS', { row: 5, source: '§1.4 [C] §2.2 [M]' }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn])
    const device = await target.device({ clientId: thing.name })
    const { payload } = await device.request(jobsTopic(thing.name, `${jobId}/get`))
    expect(payload.execution.jobDocument).toEqual({ operation: 'test' })
    const { execution } = await target.jobs.describeJobExecution({ thingName: thing.name, jobId })
    expect(execution!.jobDocument).toBe('{"operation":"test"}')
  })

  behaviour('the name of the thing is told over HTTPS only', { row: 6, source: '§1.4 [C]' }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn])
    const device = await target.device({ clientId: thing.name })
    expect((await device.request(jobsTopic(thing.name, `${jobId}/get`))).payload.execution).not.toHaveProperty('thingName')
    expect((await target.jobs.describeJobExecution({ thingName: thing.name, jobId })).execution!.thingName).toBe(thing.name)
  })

  behaviour('what was not started has neither details nor a start', { row: 7, source: '§1.4 [C]' }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn])
    const device = await target.device({ clientId: thing.name })
    const { execution } = (await device.request(jobsTopic(thing.name, `${jobId}/get`))).payload
    expect(Object.keys(execution)).toEqual(['jobId', 'status', 'queuedAt', 'lastUpdatedAt', 'versionNumber', 'executionNumber', 'jobDocument'])
  })

  behaviour('answers are for the client that asked alone', { row: 14, source: '§1.3 [G]' }, async (target) => {
    const thing = await target.thing()
    const watcher = await target.device()
    await watcher.subscribe(jobsTopic(thing.name, '#'))
    const jobId = await newJob(target, [thing.arn])
    expect((await watcher.next()).topic).toBe(jobsTopic(thing.name, 'notify'))
    expect((await watcher.next()).topic).toBe(jobsTopic(thing.name, 'notify-next'))
    const device = await target.device({ clientId: thing.name })
    await device.request(jobsTopic(thing.name, `${jobId}/get`))
    await device.request(jobsTopic(thing.name, `${jobId}/update`), { status: 'NONSENSE' })
    await watcher.quiet()
  })

  behaviour('an answer comes without a subscription', { row: 15, source: '§1.3 [G]' }, async (target) => {
    const thing = await target.thing()
    const device = await target.device({ clientId: thing.name })
    expect((await device.request(jobsTopic(thing.name, '$next/get'))).topic).toBe(jobsTopic(thing.name, '$next/get/accepted'))
  })

  behaviour('an answer comes once, however many subscriptions match', { row: 16, source: '§1.3 [I]' }, async (target) => {
    const thing = await target.thing()
    const device = await target.device({ clientId: thing.name })
    await device.subscribe(jobsTopic(thing.name, 'get/+'), jobsTopic(thing.name, 'get/accepted'))
    await device.request(jobsTopic(thing.name, 'get'))
    await device.quiet()
  })

  behaviour('a token comes back, and none when none was sent', { row: 18, source: '§1.5 [E]' }, async (target) => {
    const thing = await target.thing()
    const device = await target.device({ clientId: thing.name })
    const answer = async (request: object) => (await device.request(jobsTopic(thing.name, '$next/get'), request)).payload
    expect(await answer({})).not.toHaveProperty('clientToken')
    expect(await answer({ clientToken: 'x-1' })).toMatchObject({ clientToken: 'x-1' })
  })

  behaviour('what has ended is TerminalStateReached, over HTTPS 410', { row: 22, source: '§1.5 [G] §2.3 [M]' }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn])
    await report(target, thing.name, jobId, 'SUCCEEDED')
    const device = await target.device({ clientId: thing.name })
    const { topic, payload } = await device.request(jobsTopic(thing.name, `${jobId}/get`))
    expect(topic).toBe(jobsTopic(thing.name, `${jobId}/get/rejected`))
    expect(payload.code).toBe('TerminalStateReached')
    await expect(target.jobs.describeJobExecution({ thingName: thing.name, jobId })).rejects.toMatchObject({
      name: 'TerminalStateException',
      $metadata: { httpStatusCode: 410 },
    })
  })

  behaviour('a job that never came to the thing is ResourceNotFound', { source: '§1.5 [G]' }, async (target) => {
    const thing = await target.thing()
    const device = await target.device({ clientId: thing.name })
    expect((await device.request(jobsTopic(thing.name, 'no-such-job/get'))).payload.code).toBe('ResourceNotFound')
    await expect(target.jobs.describeJobExecution({ thingName: thing.name, jobId: 'no-such-job' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })

  behaviour('the operator sees details wrapped, the device plain', { row: 32, source: '§3.4 [M]' }, async (target) => {
    const thing = await target.thing()
    const jobId = await newJob(target, [thing.arn])
    const thingName = thing.name
    await target.jobs.updateJobExecution({ thingName, jobId, status: 'IN_PROGRESS', statusDetails: { step: '1' } })
    const operator = await target.iot.describeJobExecution({ thingName, jobId })
    const device = await target.jobs.describeJobExecution({ thingName, jobId })
    expect(operator.execution!.statusDetails).toEqual({ detailsMap: { step: '1' } })
    expect(device.execution!.statusDetails).toEqual({ step: '1' })
    expect(operator.execution).toMatchObject({ jobId, thingArn: thing.arn, status: 'IN_PROGRESS', versionNumber: 2, executionNumber: 1 })
    expect(operator.execution!.queuedAt).toBeInstanceOf(Date)
  })
})
