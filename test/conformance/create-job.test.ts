import { ResourceNotFoundException } from '@aws-sdk/client-iot'
import { expect } from 'vitest'
import { conformance } from './target.ts'
import type { Target } from './target.ts'

conformance('CreateJob', ({ behaviour }) => {
  behaviour('answers with ARN, id and description; the job is IN_PROGRESS at once', { source: '§3.4 [M]' }, async (target) => {
    const { arn } = await target.thing()
    const jobId = target.name('job')
    const answer = await target.iot.createJob({ jobId, targets: [arn], document: '{"a":1}', description: 'first' })
    expect(answer).toMatchObject({ jobArn: `arn:aws:iot:${target.region}:${target.account}:job/${jobId}`, jobId, description: 'first' })
    const { job } = await target.iot.describeJob({ jobId })
    expect(job).toMatchObject({ status: 'IN_PROGRESS', targetSelection: 'SNAPSHOT', targets: [arn], presignedUrlConfig: {}, timeoutConfig: {} })
  })

  behaviour('an id that is taken is refused with the ARN', { row: 36, source: '§3.4 [M]' }, async (target) => {
    const { arn } = await target.thing()
    const jobId = target.name('job')
    await target.iot.createJob({ jobId, targets: [arn], document: '{}' })
    await expect(target.iot.createJob({ jobId, targets: [arn], document: '{}' })).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
      resourceArn: expect.stringContaining(jobId),
      $metadata: { httpStatusCode: 409 },
    })
  })

  behaviour('a target that does not exist is an error of its own class', { row: 33, source: '§3.2 [M][W]' }, async (target) => {
    const targets = [`arn:aws:iot:${target.region}:${target.account}:thing/${target.name('nobody')}`]
    const error = await target.iot.createJob({ jobId: target.name('job'), targets, document: '{}' }).catch((refusal: unknown) => refusal)
    expect(error).toBeInstanceOf(ResourceNotFoundException)
    expect(error).toMatchObject({ name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } })
  })

  behaviour(
    'the 101st active job is too many, which the SDK tries three times',
    { row: 34, source: '§3.2 [W] §8.3 [Q19]', embeddedOnly: true, timeout: 60_000 },
    async (target) => {
      const { arn } = await target.thing()
      const active = (await target.iot.listJobs({ status: 'IN_PROGRESS', targetSelection: 'SNAPSHOT' })).jobs!.length
      for (let count = active; count < 100; count++) await target.iot.createJob({ jobId: target.name('full'), targets: [arn], document: '{}' })
      const one = target.iot.createJob({ jobId: target.name('full'), targets: [arn], document: '{}' })
      await expect(one).rejects.toMatchObject({ name: 'LimitExceededException', $metadata: { httpStatusCode: 410, attempts: 3 } })
      const { jobs } = await target.iot.listJobs({ status: 'IN_PROGRESS' })
      for (const { jobId } of jobs!) await target.iot.deleteJob({ jobId: jobId!, force: true })
    },
  )

  behaviour('a document in S3 is read once, by version, in path style and virtual-hosted', { source: '§3.4 [M] §4.8 [G+]' }, async (target) => {
    const { arn, name } = await target.thing()
    const bucket = await target.bucket()
    await target.s3.putBucketVersioning({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } })
    const first = await target.s3.putObject({ Bucket: bucket, Key: 'job.json', Body: '{"v":1}' })
    await target.s3.putObject({ Bucket: bucket, Key: 'job.json', Body: '{"v":2}' })
    const sources = [
      [`https://s3.${target.region}.amazonaws.com/${bucket}/job.json`, '{"v":2}'],
      [`https://${bucket}.s3.${target.region}.amazonaws.com/job.json`, '{"v":2}'],
      [`https://s3.${target.region}.amazonaws.com/${bucket}/job.json?versionId=${first.VersionId}`, '{"v":1}'],
    ] as const
    for (const [documentSource, document] of sources) {
      const jobId = target.name('job')
      await target.iot.createJob({ jobId, targets: [arn], documentSource })
      expect((await target.iot.getJobDocument({ jobId })).document).toBe(document)
      expect((await target.iot.describeJob({ jobId })).documentSource).toBe(documentSource)
      await target.iot.deleteJob({ jobId, force: true })
    }
    await target.s3.deleteObject({ Bucket: bucket, Key: 'job.json' })
    await expect(
      target.iot.createJob({ jobId: target.name('job'), targets: [arn], documentSource: sources[0][0] }),
      `the document of ${name} is gone`,
    ).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })

  behaviour('takes configurations from a template, unless it has its own', { source: '§3.4 [M]' }, async (target) => {
    const { arn } = await target.thing()
    const { jobTemplateArn } = await template(target)
    const jobId = target.name('job')
    await target.iot.createJob({ jobId, targets: [arn], jobTemplateArn: jobTemplateArn!, timeoutConfig: { inProgressTimeoutInMinutes: 9 } })
    const { job } = await target.iot.describeJob({ jobId })
    expect(job).toMatchObject({
      jobTemplateArn,
      description: 'nightly',
      timeoutConfig: { inProgressTimeoutInMinutes: 9 },
      jobExecutionsRolloutConfig: { maximumPerMinute: 7 },
    })
    expect((await target.iot.getJobDocument({ jobId })).document).toBe('{"from":"template"}')
  })

  behaviour(
    'fills in the parameters of a managed template, and checks them',
    { source: '§3.4 [M] developer guide, managed templates' },
    async (target) => {
      const { arn } = await target.thing()
      const jobTemplateArn = `arn:aws:iot:${target.region}::jobtemplate/AWS-Install-Application:1.0`
      const jobId = target.name('job')
      await target.iot.createJob({ jobId, targets: [arn], jobTemplateArn, documentParameters: { packages: 'nginx curl' } })
      const after = JSON.parse((await target.iot.getJobDocument({ jobId })).document!)
      expect(after.steps[0].action.input).toMatchObject({ handler: 'install-packages.sh', args: ['nginx curl'] })
      const before = await target.iot.getJobDocument({ jobId, beforeSubstitution: true })
      expect(before.document).toContain('${aws:iot:parameter:packages}')
      expect((await target.iot.describeJob({ jobId })).job!.documentParameters).toEqual({ packages: 'nginx curl' })
      const incomplete = { jobId: target.name('job'), targets: [arn], jobTemplateArn }
      await expect(target.iot.createJob(incomplete)).rejects.toMatchObject({ name: 'InvalidRequestException' })
    },
  )

  behaviour('takes parameters with managed templates only', { source: '§3.4 [M]' }, async (target) => {
    const { arn } = await target.thing()
    const request = { jobId: target.name('job'), targets: [arn], document: '{}', documentParameters: { a: 'b' } }
    await expect(target.iot.createJob(request)).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })

  behaviour('keeps namespace and package versions', { source: '§3.4 [M]', embeddedOnly: true }, async (target) => {
    const { arn } = await target.thing()
    const jobId = target.name('job')
    const destinationPackageVersions = [`arn:aws:iot:${target.region}:${target.account}:package/firmware/version/1.0.0`]
    await target.iot.createJob({ jobId, targets: [arn], document: '{}', namespaceId: 'fleet', destinationPackageVersions })
    expect((await target.iot.describeJob({ jobId })).job).toMatchObject({ namespaceId: 'fleet', destinationPackageVersions })
    expect((await target.iot.listJobs({ namespaceId: 'fleet' })).jobs!.map((job) => job.jobId)).toEqual([jobId])
  })

  behaviour('tags are there with the job', { source: '§3.4 [M]' }, async (target) => {
    const { arn } = await target.thing()
    const jobId = target.name('job')
    const { jobArn } = await target.iot.createJob({ jobId, targets: [arn], document: '{}', tags: [{ Key: 'stage', Value: 'canary' }] })
    expect((await target.iot.listTagsForResource({ resourceArn: jobArn! })).tags).toEqual([{ Key: 'stage', Value: 'canary' }])
  })

  behaviour('every constraint of the request is checked', { source: '§3.4 [M]' }, async (target) => {
    const { arn } = await target.thing()
    const abort = (criterion: object) => ({
      abortConfig: { criteriaList: [{ failureType: 'ALL', action: 'CANCEL', thresholdPercentage: 10, minNumberOfExecutedThings: 1, ...criterion }] },
    })
    const rate = (exponentialRate: object) => ({ jobExecutionsRolloutConfig: { exponentialRate } })
    const bad: object[] = [
      { document: 'no JSON' },
      { document: JSON.stringify('x'.repeat(32_767)) },
      { document: undefined },
      { targets: [] },
      { targets: ['thing'] },
      { jobId: 'a b' },
      { jobId: 'x'.repeat(65) },
      { description: 'a\nb' },
      { presignedUrlConfig: { expiresInSec: 59 } },
      { presignedUrlConfig: { expiresInSec: 3601 } },
      { jobExecutionsRolloutConfig: { maximumPerMinute: 0 } },
      rate({ baseRatePerMinute: 0, incrementFactor: 2, rateIncreaseCriteria: { numberOfNotifiedThings: 1 } }),
      rate({ baseRatePerMinute: 1, incrementFactor: 1, rateIncreaseCriteria: { numberOfNotifiedThings: 1 } }),
      rate({ baseRatePerMinute: 1, incrementFactor: 1.25, rateIncreaseCriteria: { numberOfNotifiedThings: 1 } }),
      abort({ thresholdPercentage: 101 }),
      abort({ thresholdPercentage: 0.125 }),
      abort({ minNumberOfExecutedThings: 0 }),
      { jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'FAILED', numberOfRetries: 11 }] } },
      { timeoutConfig: { inProgressTimeoutInMinutes: 10_081 } },
      { schedulingConfig: { startTime: 'soon' } },
      { document: '{"url":"${aws:iot:s3-presigned-url:https://s3.amazonaws.com/bucket/key}"}' },
    ]
    for (const members of bad) {
      const request = { jobId: target.name('job'), targets: [arn], document: '{}', ...members }
      await expect(target.iot.createJob(request as never), JSON.stringify(members).slice(0, 100)).rejects.toMatchObject({
        name: 'InvalidRequestException',
      })
    }
  })
})

async function template(target: Target) {
  return target.iot.createJobTemplate({
    jobTemplateId: target.name('template'),
    description: 'nightly',
    document: '{"from":"template"}',
    timeoutConfig: { inProgressTimeoutInMinutes: 5 },
    jobExecutionsRolloutConfig: { maximumPerMinute: 7 },
  })
}
