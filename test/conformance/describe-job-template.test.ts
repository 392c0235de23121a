import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('DescribeJobTemplate', ({ behaviour }) => {
  behaviour('shows what the template gives to jobs, and when it was made', { source: '§3.4 [M]' }, async (target) => {
    const jobTemplateId = target.name('template')
    const members = {
      description: 'nightly',
      document: '{"a":1}',
      jobExecutionsRolloutConfig: { maximumPerMinute: 7 },
      jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'FAILED' as const, numberOfRetries: 2 }] },
    }
    const { jobTemplateArn } = await target.iot.createJobTemplate({ jobTemplateId, ...members })
    const described = await target.iot.describeJobTemplate({ jobTemplateId })
    expect(described).toMatchObject({ jobTemplateArn, jobTemplateId, ...members })
    expect(described.createdAt).toBeInstanceOf(Date)
  })

  behaviour('a template that does not exist is not found', { source: '§3.4 [M]' }, async (target) => {
    await expect(target.iot.describeJobTemplate({ jobTemplateId: target.name('nothing') })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })
})
