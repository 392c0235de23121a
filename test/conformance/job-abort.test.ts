import type { AbortConfig } from '@aws-sdk/client-iot'
import { expect } from 'vitest'
import { counts, eventually, newFleet, newJob, report } from './jobs.ts'
import { conformance } from './target.ts'

function abortConfig(thresholdPercentage: number, minNumberOfExecutedThings: number, failureType: 'FAILED' | 'ALL' = 'FAILED'): AbortConfig {
  return { criteriaList: [{ failureType, action: 'CANCEL', thresholdPercentage, minNumberOfExecutedThings }] }
}

conformance('Abort of a job', ({ behaviour }) => {
  behaviour('the minimum and the share are of executions that have ended', { row: 43, source: '§4.4 [G]' }, async (target) => {
    const { things, group } = await newFleet(target, 12)
    const jobId = await newJob(target, [group.arn], { abortConfig: abortConfig(20, 10) }, 12)
    const names = things.map(({ name }) => name)
    for (const name of names.slice(0, 2)) await report(target, name, jobId, 'FAILED')
    for (const name of names.slice(2, 9)) await report(target, name, jobId, 'SUCCEEDED')
    expect((await target.iot.describeJob({ jobId })).job!.status).toBe('IN_PROGRESS')
    await report(target, names[9]!, jobId, 'SUCCEEDED')
    await eventually(async () => expect((await target.iot.describeJob({ jobId })).job!.status).toBe('CANCELED'))
  })

  behaviour('an abort leaves what runs, says why, and uses no force', { row: 44, source: '§4.4 [G]' }, async (target) => {
    const { things, group } = await newFleet(target, 3)
    const jobId = await newJob(target, [group.arn], { abortConfig: abortConfig(50, 1) }, 3)
    const [failing, running] = things.map(({ name }) => name)
    await report(target, running!, jobId, 'IN_PROGRESS')
    await report(target, failing!, jobId, 'FAILED')
    await eventually(async () => expect(await counts(target, jobId)).toEqual({ Failed: 1, InProgress: 1, Canceled: 1 }))
    await report(target, running!, jobId, 'SUCCEEDED')
    await eventually(async () => expect(await counts(target, jobId)).toEqual({ Failed: 1, Succeeded: 1, Canceled: 1 }))
    const { job } = await target.iot.describeJob({ jobId })
    expect(job).toMatchObject({ status: 'CANCELED', forceCanceled: false, reasonCode: expect.stringMatching(/.+/) })
  })

  behaviour('what was canceled by hand is no failure, not even for ALL', { row: 45, source: '§4.4 [I]' }, async (target) => {
    const { things, group } = await newFleet(target, 5)
    const jobId = await newJob(target, [group.arn], { abortConfig: abortConfig(1, 1, 'ALL') }, 5)
    for (const { name } of things.slice(0, 4)) await target.iot.cancelJobExecution({ thingName: name, jobId })
    await eventually(async () => expect(await counts(target, jobId)).toEqual({ Canceled: 4, Queued: 1 }))
    expect((await target.iot.describeJob({ jobId })).job!.status).toBe('IN_PROGRESS')
  })
})
