import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('CreateJobTemplate', ({ behaviour }) => {
  behaviour('answers with ARN and id', { source: '§3.4 [M]' }, async (target) => {
    const jobTemplateId = target.name('template')
    const answer = await target.iot.createJobTemplate({ jobTemplateId, description: 'x', document: '{}' })
    expect(answer).toMatchObject({ jobTemplateId, jobTemplateArn: `arn:aws:iot:${target.region}:${target.account}:jobtemplate/${jobTemplateId}` })
  })

  behaviour('an id that is taken is a conflict that names the resource', { source: '§3.4 [M]' }, async (target) => {
    const request = { jobTemplateId: target.name('template'), description: 'x', document: '{}' }
    await target.iot.createJobTemplate(request)
    await expect(target.iot.createJobTemplate(request)).rejects.toMatchObject({
      name: 'ConflictException',
      resourceId: request.jobTemplateId,
      $metadata: { httpStatusCode: 409 },
    })
  })

  behaviour('of a job takes its document and its configurations', { source: '§3.4 [M]' }, async (target) => {
    const { arn } = await target.thing()
    const { jobArn } = await target.iot.createJob({
      jobId: target.name('job'),
      targets: [arn],
      document: '{"of":"job"}',
      timeoutConfig: { inProgressTimeoutInMinutes: 5 },
    })
    const jobTemplateId = target.name('template')
    await target.iot.createJobTemplate({ jobTemplateId, description: 'copy', jobArn: jobArn! })
    expect(await target.iot.describeJobTemplate({ jobTemplateId })).toMatchObject({
      document: '{"of":"job"}',
      timeoutConfig: { inProgressTimeoutInMinutes: 5 },
    })
  })

  behaviour('of a document in S3 keeps the document and where it came from', { source: '§3.4 [M]' }, async (target) => {
    const bucket = await target.bucket()
    await target.s3.putObject({ Bucket: bucket, Key: 'job.json', Body: '{"from":"s3"}' })
    const documentSource = `https://s3.${target.region}.amazonaws.com/${bucket}/job.json`
    const jobTemplateId = target.name('template')
    await target.iot.createJobTemplate({ jobTemplateId, description: 'x', documentSource })
    expect(await target.iot.describeJobTemplate({ jobTemplateId })).toMatchObject({ document: '{"from":"s3"}', documentSource })
  })

  behaviour('tags are there with the template', { source: '§3.4 [M]' }, async (target) => {
    const tags = [{ Key: 'team', Value: 'fleet' }]
    const { jobTemplateArn } = await target.iot.createJobTemplate({ jobTemplateId: target.name('template'), description: 'x', document: '{}', tags })
    expect((await target.iot.listTagsForResource({ resourceArn: jobTemplateArn! })).tags).toEqual(tags)
  })

  behaviour('a request without document, or with a job that does not exist, is refused', { source: '§3.4 [M]' }, async (target) => {
    const request = { jobTemplateId: target.name('template'), description: 'x' }
    await expect(target.iot.createJobTemplate(request)).rejects.toMatchObject({ name: 'InvalidRequestException' })
    const jobArn = `arn:aws:iot:${target.region}:${target.account}:job/${target.name('nothing')}`
    await expect(target.iot.createJobTemplate({ ...request, jobArn })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
