import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('GetJobDocument', ({ behaviour }) => {
  behaviour('gives the document to the letter, spaces included', { source: '§3.4 [M]' }, async (target) => {
    const { arn } = await target.thing()
    const jobId = target.name('job')
    const document = '{ "a" : 1.0,\n  "b": "ü" }'
    await target.iot.createJob({ jobId, targets: [arn], document })
    expect((await target.iot.getJobDocument({ jobId })).document).toBe(document)
    expect((await target.iot.getJobDocument({ jobId, beforeSubstitution: true })).document).toBe(document)
  })

  behaviour('a job that does not exist is not found', { source: '§3.4 [M]' }, async (target) => {
    await expect(target.iot.getJobDocument({ jobId: target.name('nothing') })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
