import { expect } from 'vitest'
import type { Device, Message } from './device.ts'
import { jobsTopic, newJob } from './jobs.ts'
import { conformance, type Target } from './target.ts'

interface Working {
  readonly thing: string
  readonly jobId: string
  readonly device: Device
  readonly update: (request: object) => Promise<Message>
}

/** A device with one job to do. */
async function working(target: Target): Promise<Working> {
  const { name, arn } = await target.thing()
  const jobId = await newJob(target, [arn])
  const device = await target.device({ clientId: name })
  return { thing: name, jobId, device, update: (request) => device.request(jobsTopic(name, `${jobId}/update`), request) }
}

conformance('UpdateJobExecution', ({ behaviour }) => {
  behaviour('answers with nothing but the time, and with state and document on demand', { source: '§1.5 [C]' }, async (target) => {
    const { update, thing, jobId } = await working(target)
    const plain = await update({ status: 'IN_PROGRESS' })
    expect(plain.topic).toBe(jobsTopic(thing, `${jobId}/update/accepted`))
    expect(plain.payload).toEqual({ timestamp: expect.any(Number) })
    const full = await update({ status: 'IN_PROGRESS', statusDetails: { a: '1' }, includeJobExecutionState: true, includeJobDocument: true })
    expect(full.payload).toEqual({
      timestamp: expect.any(Number),
      executionState: { status: 'IN_PROGRESS', statusDetails: { a: '1' }, versionNumber: 3 },
      jobDocument: { operation: 'test' },
    })
  })

  behaviour('an expected version may be text', { row: 19, source: '§1.5 [G][E]' }, async (target) => {
    const { update } = await working(target)
    expect((await update({ status: 'IN_PROGRESS', expectedVersion: '1' })).topic).toMatch(/accepted$/)
    expect((await update({ status: 'IN_PROGRESS', expectedVersion: 2 })).topic).toMatch(/accepted$/)
  })

  behaviour('a wrong version is VersionMismatch, with the state', { row: 20, source: '§1.6 [G]' }, async (target) => {
    const { update } = await working(target)
    const { topic, payload } = await update({ status: 'IN_PROGRESS', expectedVersion: 7, clientToken: 'x' })
    expect(topic).toMatch(/rejected$/)
    expect(payload).toMatchObject({ code: 'VersionMismatch', clientToken: 'x', executionState: { status: 'QUEUED', versionNumber: 1 } })
  })

  behaviour('nothing follows an end, and the state is told', { row: 21, source: '§1.6 [G]' }, async (target) => {
    const { update, thing, jobId } = await working(target)
    await update({ status: 'SUCCEEDED' })
    for (const status of ['IN_PROGRESS', 'SUCCEEDED'])
      expect((await update({ status })).payload).toMatchObject({ code: 'InvalidStateTransition', executionState: { status: 'SUCCEEDED' } })
    await expect(target.jobs.updateJobExecution({ thingName: thing, jobId, status: 'FAILED' })).rejects.toMatchObject({
      name: 'InvalidStateTransitionException',
      $metadata: { httpStatusCode: 409 },
    })
  })

  behaviour('QUEUED to SUCCEEDED is accepted without a start', { row: 23, source: '§1.6 [C]' }, async (target) => {
    const { update, thing, jobId } = await working(target)
    expect((await update({ status: 'SUCCEEDED' })).topic).toMatch(/accepted$/)
    const { execution } = await target.iot.describeJobExecution({ thingName: thing, jobId })
    expect(execution!.status).toBe('SUCCEEDED')
  })

  behaviour('no status is InvalidRequest', { row: 25, source: '§1.6 [C]' }, async (target) => {
    const { update } = await working(target)
    expect((await update({})).payload).toMatchObject({
      code: 'InvalidRequest',
      message: "Value null at 'status' failed to satisfy constraint: Member must not be null",
    })
  })

  behaviour('a device cannot cancel, remove, queue or time out', { row: 26, source: '§1.6 [G][M]' }, async (target) => {
    const { update } = await working(target)
    for (const status of ['CANCELED', 'REMOVED', 'QUEUED', 'TIMED_OUT', 'DONE'])
      expect((await update({ status })).payload.code, status).toBe('InvalidRequest')
  })

  behaviour('details stay when an update has none, and are replaced when it has', { row: 27, source: '§1.6 [M]' }, async (target) => {
    const { update } = await working(target)
    const details = async (members: object) =>
      (await update({ status: 'IN_PROGRESS', includeJobExecutionState: true, ...members })).payload.executionState.statusDetails
    expect(await details({ statusDetails: { a: '1', b: '2' } })).toEqual({ a: '1', b: '2' })
    expect(await details({})).toEqual({ a: '1', b: '2' })
    expect(await details({ statusDetails: { c: '3' } })).toEqual({ c: '3' })
  })

  behaviour('versions count created 1, started 2, progress 3, done 4', { row: 28, source: '§1.6 [M][C]' }, async (target) => {
    const { update, device, thing, jobId } = await working(target)
    const version = async () => (await target.iot.describeJobExecution({ thingName: thing, jobId })).execution!.versionNumber
    const versions = [await version()]
    await device.request(jobsTopic(thing, 'start-next'))
    versions.push(await version())
    for (const status of ['IN_PROGRESS', 'SUCCEEDED']) {
      await update({ status })
      versions.push(await version())
    }
    expect(versions).toEqual([1, 2, 3, 4])
  })

  behaviour('progress outlives the connection that reported it', { row: 29, source: '§1.6 [G]' }, async (target) => {
    const { device, thing, jobId } = await working(target)
    await device.publish(jobsTopic(thing, `${jobId}/update`), { status: 'IN_PROGRESS', statusDetails: { step: 'download' } })
    await device.end()
    const again = await target.device({ clientId: thing })
    const { payload } = await again.request(jobsTopic(thing, '$next/get'))
    expect(payload.execution).toMatchObject({ jobId, status: 'IN_PROGRESS', statusDetails: { step: 'download' } })
  })

  behaviour('details and step timeouts out of bounds are refused', { source: '§1.6 [M]' }, async (target) => {
    const { update } = await working(target)
    const wrong = [
      { statusDetails: { progress: 50 } },
      { statusDetails: { 'a b': 'c' } },
      { statusDetails: { a: 'x'.repeat(1025) } },
      { statusDetails: Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, 'v'])) },
      { stepTimeoutInMinutes: 10_081 },
    ]
    for (const members of wrong) expect((await update({ status: 'IN_PROGRESS', ...members })).payload.code).toBe('InvalidRequest')
  })

  behaviour('a topic that names no operation is InvalidTopic', { source: '§1.7 [E]', embeddedOnly: true }, async (target) => {
    const { device, thing, jobId } = await working(target)
    expect((await device.request(jobsTopic(thing, `${jobId}/cancel`))).payload.code).toBe('InvalidTopic')
  })
})
