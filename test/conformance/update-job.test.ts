import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('UpdateJob', ({ behaviour }) => {
  behaviour('replaces what is given and leaves the rest', { source: '§3.4 [M]' }, async (target) => {
    const { arn } = await target.thing()
    const jobId = target.name('job')
    await target.iot.createJob({ jobId, targets: [arn], document: '{}', description: 'old', timeoutConfig: { inProgressTimeoutInMinutes: 5 } })
    await target.iot.updateJob({ jobId, description: 'new', jobExecutionsRolloutConfig: { maximumPerMinute: 3 } })
    expect((await target.iot.describeJob({ jobId })).job).toMatchObject({
      description: 'new',
      timeoutConfig: { inProgressTimeoutInMinutes: 5 },
      jobExecutionsRolloutConfig: { maximumPerMinute: 3 },
    })
  })

  behaviour('retries can be taken back and not be added', { source: '§3.4 [G]' }, async (target) => {
    const { arn } = await target.thing()
    const jobId = target.name('job')
    const retries = (numberOfRetries: number) => ({ criteriaList: [{ failureType: 'FAILED' as const, numberOfRetries }] })
    await target.iot.createJob({ jobId, targets: [arn], document: '{}', jobExecutionsRetryConfig: retries(2) })
    await expect(target.iot.updateJob({ jobId, jobExecutionsRetryConfig: retries(3) })).rejects.toMatchObject({ name: 'InvalidRequestException' })
    await target.iot.updateJob({ jobId, jobExecutionsRetryConfig: retries(0) })
    expect((await target.iot.describeJob({ jobId })).job!.jobExecutionsRetryConfig).toEqual(retries(0))
  })

  behaviour('a job that is over, or does not exist, is refused', { source: '§3.4 [I]' }, async (target) => {
    const { arn } = await target.thing()
    const jobId = target.name('job')
    await expect(target.iot.updateJob({ jobId, description: 'x' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    await target.iot.createJob({ jobId, targets: [arn], document: '{}' })
    await target.iot.cancelJob({ jobId })
    await expect(target.iot.updateJob({ jobId, description: 'x' })).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })
})
