import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('DeleteJobTemplate', ({ behaviour }) => {
  behaviour('takes the template away and leaves its jobs as they are', { source: '§3.4 [M]' }, async (target) => {
    const { arn } = await target.thing()
    const jobTemplateId = target.name('template')
    const { jobTemplateArn } = await target.iot.createJobTemplate({ jobTemplateId, description: 'x', document: '{"kept":true}' })
    const jobId = target.name('job')
    await target.iot.createJob({ jobId, targets: [arn], jobTemplateArn: jobTemplateArn! })
    await target.iot.deleteJobTemplate({ jobTemplateId })
    await expect(target.iot.deleteJobTemplate({ jobTemplateId })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    expect((await target.iot.getJobDocument({ jobId })).document).toBe('{"kept":true}')
    const request = { jobId: target.name('job'), targets: [arn], jobTemplateArn: jobTemplateArn! }
    await expect(target.iot.createJob(request)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
