import { expect } from 'vitest'
import { counts, eventually, newFleet, newJob } from './jobs.ts'
import { conformance } from './target.ts'

conformance('AssociateTargetsWithJob', ({ behaviour }) => {
  behaviour('a continuous job reaches the things of another group', { source: '§3.4 [M]' }, async (target) => {
    const one = await newFleet(target, 1)
    const other = await newFleet(target, 2)
    const jobId = await newJob(target, [one.group.arn], { targetSelection: 'CONTINUOUS' })
    expect(await target.iot.associateTargetsWithJob({ jobId, targets: [other.group.arn], comment: 'more' })).toMatchObject({ jobId })
    await eventually(async () => expect(await counts(target, jobId)).toEqual({ Queued: 3 }))
    const { job } = await target.iot.describeJob({ jobId })
    expect(job).toMatchObject({ targets: [one.group.arn, other.group.arn], comment: 'more' })
  })

  behaviour('a snapshot job, a thing, or a job that is over is refused', { source: '§3.4 [I]' }, async (target) => {
    const { things, group } = await newFleet(target, 1)
    const snapshot = await newJob(target, [group.arn])
    const continuous = await newJob(target, [group.arn], { targetSelection: 'CONTINUOUS' })
    const refused = { name: 'InvalidRequestException' }
    await expect(target.iot.associateTargetsWithJob({ jobId: snapshot, targets: [group.arn] })).rejects.toMatchObject(refused)
    await expect(target.iot.associateTargetsWithJob({ jobId: continuous, targets: [things[0]!.arn] })).rejects.toMatchObject(refused)
    await target.iot.cancelJob({ jobId: continuous })
    await expect(target.iot.associateTargetsWithJob({ jobId: continuous, targets: [group.arn] })).rejects.toMatchObject(refused)
  })

  behaviour('a job has a hundred targets at most', { source: '§3.4 [Q19]', embeddedOnly: true }, async (target) => {
    const groups = await Promise.all(Array.from({ length: 101 }, () => target.group()))
    const { group } = await newFleet(target, 1)
    const arns = groups.map(({ arn }) => arn)
    const jobId = await newJob(target, [group.arn, ...arns.slice(0, 99)], { targetSelection: 'CONTINUOUS' })
    await expect(target.iot.associateTargetsWithJob({ jobId, targets: arns.slice(99) })).rejects.toMatchObject({
      name: 'LimitExceededException',
      $metadata: { httpStatusCode: 410 },
    })
  })
})
