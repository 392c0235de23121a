import { describe, expect, test } from 'vitest'
import { JobTemplates } from '../../../src/cloud/job-templates/job-template.ts'
import { ACCOUNT, FakeCloud, REGION, START_MS } from '../fake-context.ts'
import { FakeStore } from '../fake-store.ts'

const ARN = `arn:aws:iot:${REGION}:${ACCOUNT}:jobtemplate/nightly`
const timeoutConfig = { inProgressTimeoutInMinutes: 5 }
const abortConfig = { criteriaList: [{ failureType: 'ALL', action: 'CANCEL', thresholdPercentage: 10, minNumberOfExecutedThings: 3 }] }
const failure = (code: string, text = '') => expect.objectContaining({ code, message: expect.stringContaining(text) })

function cloudWith(body: object = {}): FakeCloud {
  const cloud = new FakeCloud()
  cloud.registry.addGroup('fleet', ['t'])
  create(cloud, { description: 'every night', document: '{"a":1}', timeoutConfig, abortConfig, ...body })
  return cloud
}

function create(cloud: FakeCloud, body: Record<string, unknown>, jobTemplateId = 'nightly'): any {
  return cloud.iot('CreateJobTemplate', { jobTemplateId }, { body })
}

function createJob(cloud: FakeCloud, body: object): any {
  return cloud.iot('CreateJob', { jobId: 'j' }, { body: { targets: [cloud.targetArn('fleet')], ...body } })
}

describe("the account's own templates", () => {
  test('are described as they were made, and listed with the newest first', () => {
    const cloud = cloudWith({ tags: [{ Key: 'run', Value: '1' }], destinationPackageVersions: ['arn:aws:iot:eu-west-1:1:package/p/version/1'] })
    cloud.clock.run(1500)
    expect(create(cloud, { description: 'other', document: '{}' }, 'other')).toEqual({
      jobTemplateArn: ARN.replace('nightly', 'other'),
      jobTemplateId: 'other',
    })
    expect(cloud.iot('DescribeJobTemplate', { jobTemplateId: 'nightly' })).toEqual({
      jobTemplateArn: ARN,
      jobTemplateId: 'nightly',
      description: 'every night',
      document: '{"a":1}',
      createdAt: START_MS / 1000,
      timeoutConfig,
      abortConfig,
      destinationPackageVersions: ['arn:aws:iot:eu-west-1:1:package/p/version/1'],
    })
    expect(cloud.iot('ListJobTemplates', {})).toEqual({
      jobTemplates: [
        { jobTemplateArn: ARN.replace('nightly', 'other'), jobTemplateId: 'other', description: 'other', createdAt: START_MS / 1000 + 1.5 },
        { jobTemplateArn: ARN, jobTemplateId: 'nightly', description: 'every night', createdAt: START_MS / 1000 },
      ],
    })
    expect(cloud.registry.tags).toEqual([[ARN, [{ Key: 'run', Value: '1' }]]])
  })

  test('are gone with their tags when they are deleted', () => {
    const cloud = cloudWith({ tags: [{ Key: 'run', Value: '1' }] })
    cloud.iot('DeleteJobTemplate', { jobTemplateId: 'nightly' })
    expect(cloud.registry.tags).toEqual([])
    for (const name of ['DescribeJobTemplate', 'DeleteJobTemplate'])
      expect(() => cloud.iot(name, { jobTemplateId: 'nightly' })).toThrow(failure('ResourceNotFoundException'))
  })

  test('give a job what it does not configure itself', () => {
    const cloud = cloudWith()
    expect(createJob(cloud, { jobTemplateArn: ARN, timeoutConfig: { inProgressTimeoutInMinutes: 9 } })).toMatchObject({ description: 'every night' })
    expect(cloud.job('j')).toMatchObject({ jobTemplateArn: ARN, timeoutConfig: { inProgressTimeoutInMinutes: 9 }, abortConfig })
    expect(cloud.iot('GetJobDocument', { jobId: 'j' })).toEqual({ document: '{"a":1}' })
  })

  test('are made from a job, and from a document in S3 that is read once', () => {
    const cloud = cloudWith()
    const documentSource = 'https://fw.s3.eu-west-1.amazonaws.com/job.json'
    cloud.objects.stored.set(documentSource, '{"from":"s3"}')
    createJob(cloud, { documentSource, timeoutConfig, namespaceId: 'n' })
    create(cloud, { description: 'of a job', jobArn: `arn:aws:iot:${REGION}:${ACCOUNT}:job/j`, abortConfig }, 'copy')
    create(cloud, { description: 'of a source', documentSource }, 'source')
    cloud.objects.stored.clear()
    const described = { document: '{"from":"s3"}', documentSource }
    expect(cloud.iot('DescribeJobTemplate', { jobTemplateId: 'copy' })).toMatchObject({ ...described, timeoutConfig, abortConfig })
    expect(cloud.iot('DescribeJobTemplate', { jobTemplateId: 'source' })).toMatchObject(described)
  })

  test('are there after a restart', () => {
    const store = new FakeStore()
    const template = { id: 'a', description: 'd', document: '{}', config: { timeoutConfig }, createdAtMs: 1 }
    const before = new JobTemplates({ store })
    before.add(template)
    before.add({ ...template, id: 'b', createdAtMs: 0 })
    before.delete('b')
    expect(new JobTemplates({ store }).all()).toEqual([template])
  })

  test.each([
    ['a taken id', { description: 'x', document: '{}' }, 'ConflictException', 'already exists'],
    ['no description', { document: '{}' }, 'InvalidRequestException', "Value null at 'description'"],
    ['no document', { description: 'x' }, 'InvalidRequestException', 'Exactly one of jobArn, document and documentSource'],
    ['two sources', { description: 'x', document: '{}', jobArn: ARN }, 'InvalidRequestException', 'Exactly one of'],
    ['a job that does not exist', { description: 'x', jobArn: ARN.replace('jobtemplate', 'job') }, 'ResourceNotFoundException', 'cannot be found'],
    ['an ARN of something else', { description: 'x', jobArn: ARN }, 'InvalidRequestException', 'no ARN of a job'],
    [
      'placeholders without a role',
      { description: 'x', document: '{"u":"${aws:iot:s3-presigned-url:https://s3.amazonaws.com/b/k}"}' },
      'InvalidRequestException',
      'roleArn',
    ],
    [
      'a window that is none',
      { description: 'x', document: '{}', maintenanceWindows: [{ startTime: 'soon', durationInMinutes: 5 }] },
      'InvalidRequestException',
      'startTime',
    ],
    [
      'a window of 1431 minutes',
      { description: 'x', document: '{}', maintenanceWindows: [{ startTime: 'cron(0 1 * * ? *)', durationInMinutes: 1431 }] },
      'InvalidRequestException',
      '1430',
    ],
  ])('%s is refused', (_title, body, code, text) => {
    expect(() => create(cloudWith(), body)).toThrow(failure(code, text))
  })

  test('the 101st is too many', () => {
    const cloud = new FakeCloud()
    for (let number = 0; number < 100; number++) create(cloud, { description: 'x', document: '{}' }, `t${number}`)
    expect(() => create(cloud, { description: 'x', document: '{}' })).toThrow(failure('LimitExceededException'))
  })
})

describe('managed templates', () => {
  const arn = (name: string) => `arn:aws:iot:${REGION}::jobtemplate/${name}:1.0`
  const documentParameters = { downloadUrl: 'https://example.com/a"b', filePath: '/images/f' }

  test("are AWS's, by name", () => {
    const cloud = new FakeCloud()
    const { managedJobTemplates } = cloud.iot('ListManagedJobTemplates', {})
    expect(managedJobTemplates.map(({ templateName }: { templateName: string }) => templateName)).toEqual([
      'AWS-Download-File',
      'AWS-Install-Application',
      'AWS-Reboot',
      'AWS-Remove-Application',
      'AWS-Restart-Application',
      'AWS-Run-Command',
      'AWS-Start-Application',
      'AWS-Stop-Application',
    ])
    expect(cloud.iot('ListManagedJobTemplates', {}, { query: { templateName: 'AWS-Reboot' } }).managedJobTemplates).toEqual([
      {
        templateArn: arn('AWS-Reboot'),
        templateName: 'AWS-Reboot',
        description: expect.any(String),
        environments: ['LINUX'],
        templateVersion: '1.0',
      },
    ])
  })

  test('are described with their parameters and the document that these go into', () => {
    const template = new FakeCloud().iot('DescribeManagedJobTemplate', { templateName: 'AWS-Download-File' }, { query: { templateVersion: '1.0' } })
    expect(template).toMatchObject({ templateArn: arn('AWS-Download-File'), templateVersion: '1.0', environments: ['LINUX'] })
    expect(template.documentParameters.map(({ key, optional }: { key: string; optional: boolean }) => [key, optional])).toEqual([
      ['downloadUrl', false],
      ['filePath', false],
      ['runAsUser', true],
      ['pathToHandler', true],
    ])
    expect(template.document).toBe(
      '{"version":"1.0","steps":[{"action":{"name":"Download-File","type":"runHandler","input":{"handler":"download-file.sh","args":["${aws:iot:parameter:downloadUrl}","${aws:iot:parameter:filePath}"],"path":"${aws:iot:parameter:pathToHandler}"},"runAsUser":"${aws:iot:parameter:runAsUser}"}}]}',
    )
  })

  test('fill in the document of a job; what is left out is empty', () => {
    const cloud = cloudWith()
    createJob(cloud, { jobTemplateArn: arn('AWS-Download-File'), documentParameters })
    const { document } = cloud.iot('GetJobDocument', { jobId: 'j' })
    const input = { handler: 'download-file.sh', args: ['https://example.com/a"b', '/images/f'], path: '' }
    expect(JSON.parse(document).steps).toEqual([{ action: { name: 'Download-File', type: 'runHandler', input, runAsUser: '' } }])
    expect(cloud.iot('GetJobDocument', { jobId: 'j' }, { query: { beforeSubstitution: 'true' } }).document).toContain('${aws:iot:parameter:filePath}')
    expect(cloud.job('j')).toMatchObject({ documentParameters, jobTemplateArn: arn('AWS-Download-File') })
    expect(cloud.device('t', '$next/get').body.execution.jobDocument.steps[0].action.input).toEqual(input)
  })

  test.each([
    [
      'a required parameter missing',
      { documentParameters: { filePath: '/f' } },
      'InvalidRequestException',
      'needs the document parameter downloadUrl',
    ],
    [
      'a parameter of another template',
      { documentParameters: { ...documentParameters, services: 'x' } },
      'InvalidRequestException',
      'no document parameter services',
    ],
    ['an unknown user', { documentParameters: { ...documentParameters, runAsUser: 'x'.repeat(257) } }, 'InvalidRequestException', 'runAsUser'],
    ['another version', { jobTemplateArn: arn('AWS-Reboot').replace('1.0', '2.0') }, 'ResourceNotFoundException', '2.0'],
    ['an own template that does not exist', { jobTemplateArn: `${ARN}x` }, 'ResourceNotFoundException', 'nightlyx'],
    ['parameters for an own template', { jobTemplateArn: ARN, documentParameters }, 'InvalidRequestException', 'managed template'],
    ['an ARN of something else', { jobTemplateArn: ARN.replace('jobtemplate', 'thing') }, 'InvalidRequestException', 'no ARN of a job template'],
  ])('%s is refused', (_title, body, code, text) => {
    expect(() => createJob(cloudWith(), { jobTemplateArn: arn('AWS-Download-File'), ...body })).toThrow(failure(code, text))
  })

  test.each([
    ['DescribeManagedJobTemplate', { templateName: 'AWS-Nothing' }, {}, 'ResourceNotFoundException'],
    ['DescribeManagedJobTemplate', { templateName: 'AWS-Reboot' }, { templateVersion: '9.9' }, 'ResourceNotFoundException'],
    ['DescribeManagedJobTemplate', { templateName: 'AWS-Reboot' }, { templateVersion: 'new' }, 'InvalidRequestException'],
    ['ListManagedJobTemplates', {}, { templateName: 'AWS-Nothing' }, 'ResourceNotFoundException'],
  ])('%s %j %j is refused', (name, params, query, code) => {
    expect(() => new FakeCloud().iot(name, params as Record<string, string>, { query: query as Record<string, string> })).toThrow(failure(code))
  })
})

test('after a restart templates and their jobs are as they were, the document before substitution too', () => {
  const store = new FakeStore()
  const before = new FakeCloud({ store })
  before.registry.addGroup('fleet', ['t'])
  create(before, { description: 'x', document: '{}', timeoutConfig })
  const jobTemplateArn = `arn:aws:iot:${REGION}::jobtemplate/AWS-Run-Command:1.0`
  createJob(before, { jobTemplateArn, documentParameters: { command: 'ls,-l' }, namespaceId: 'n' })
  const after = new FakeCloud({ store, nowMs: before.clock.now() })
  const asked = [
    ['DescribeJobTemplate', { jobTemplateId: 'nightly' }, {}],
    ['GetJobDocument', { jobId: 'j' }, {}],
    ['GetJobDocument', { jobId: 'j' }, { query: { beforeSubstitution: 'true' } }],
  ] as const
  for (const [name, params, options] of asked) expect(after.iot(name, params, options)).toEqual(before.iot(name, params, options))
  expect(after.job('j')).toMatchObject({ jobTemplateArn, documentParameters: { command: 'ls,-l' }, namespaceId: 'n' })
})

test('a job is in its namespace, and in no other', () => {
  const cloud = cloudWith()
  createJob(cloud, { document: '{}', namespaceId: 'n' })
  expect(cloud.job('j').namespaceId).toBe('n')
  const listed = (namespaceId: string) => cloud.iot('ListJobs', {}, { query: { namespaceId } }).jobs.length
  expect([listed('n'), listed('m')]).toEqual([1, 0])
  expect(() => cloud.iot('DeleteJob', { jobId: 'j' }, { query: { namespaceId: 'm', force: 'true' } })).toThrow(failure('ResourceNotFoundException'))
})
