import { describe, expect, test } from 'vitest'
import { ACCOUNT, FakeCloud, REGION, START_MS } from '../fake-context.ts'

const ROLE = 'arn:aws:iam::123456789012:role/signer'
const SIGNED = { presignedUrlConfig: { roleArn: ROLE } }
const JOB_ARN = `arn:aws:iot:${REGION}:${ACCOUNT}:job/j`

function cloudWithThing(): FakeCloud {
  const cloud = new FakeCloud()
  cloud.registry.addGroup('fleet', ['t'])
  return cloud
}

const failure = (code: string, text = '') => expect.objectContaining({ code, message: expect.stringContaining(text) })

describe('a job that was created', () => {
  test('answers with its ARN, and is described with what it got', () => {
    const cloud = cloudWithThing()
    const body = {
      targets: [cloud.targetArn('fleet'), cloud.targetArn('fleet').replace(REGION, 'us-east-1')],
      document: '{"a":1}',
      description: 'first',
      abortConfig: { criteriaList: [{ failureType: 'ALL', action: 'CANCEL', thresholdPercentage: 12.5, minNumberOfExecutedThings: 3 }] },
      tags: [{ Key: 'run', Value: '1' }],
    }
    expect(cloud.iot('CreateJob', { jobId: 'j' }, { body })).toEqual({ jobArn: JOB_ARN, jobId: 'j', description: 'first' })
    expect(cloud.iot('DescribeJob', { jobId: 'j' })).toEqual({
      job: {
        jobArn: JOB_ARN,
        jobId: 'j',
        description: 'first',
        targetSelection: 'SNAPSHOT',
        status: 'IN_PROGRESS',
        targets: [cloud.targetArn('fleet')],
        presignedUrlConfig: {},
        jobExecutionsRolloutConfig: {},
        abortConfig: body.abortConfig,
        timeoutConfig: {},
        createdAt: START_MS / 1000,
        lastUpdatedAt: START_MS / 1000,
        isConcurrent: false,
        jobProcessDetails: {
          numberOfCanceledThings: 0,
          numberOfSucceededThings: 0,
          numberOfFailedThings: 0,
          numberOfRejectedThings: 0,
          numberOfQueuedThings: 1,
          numberOfInProgressThings: 0,
          numberOfRemovedThings: 0,
          numberOfTimedOutThings: 0,
        },
      },
    })
    expect(cloud.registry.tags).toEqual([[JOB_ARN, [{ Key: 'run', Value: '1' }]]])
  })

  test('row 36: an id is taken until the job is deleted', () => {
    const cloud = cloudWithThing()
    cloud.createJob('j', ['fleet'])
    expect(() => cloud.createJob('j', ['fleet'])).toThrow(
      expect.objectContaining({ code: 'ResourceAlreadyExistsException', status: 409, members: { resourceId: 'j', resourceArn: JOB_ARN } }),
    )
    cloud.iot('DeleteJob', { jobId: 'j' }, { query: { force: 'true' } })
    cloud.createJob('j', ['fleet'])
    expect(cloud.counts('j')).toEqual({ Queued: 1 })
  })

  test('row 34: the 101st active job is too many', () => {
    const cloud = cloudWithThing()
    for (let job = 0; job < 100; job++) cloud.createJob(`j${job}`, ['fleet'])
    expect(() => cloud.createJob('one-more', ['fleet'])).toThrow(expect.objectContaining({ code: 'LimitExceededException', status: 410 }))
    cloud.device('t', 'j0/update', { status: 'SUCCEEDED' })
    cloud.createJob('one-more', ['fleet'])
  })

  test('a snapshot job whose group is empty is COMPLETED at once', () => {
    const cloud = new FakeCloud()
    cloud.registry.addGroup('nobody')
    cloud.createJob('j', ['nobody'])
    expect(cloud.job('j')).toMatchObject({ status: 'COMPLETED', completedAt: START_MS / 1000 })
  })

  test('its document may come from S3, and is read once', () => {
    const cloud = cloudWithThing()
    const documentSource = 'https://s3.eu-west-1.amazonaws.com/b/document.json'
    cloud.objects.stored.set(documentSource, '{"from":"s3"}')
    cloud.iot('CreateJob', { jobId: 'j' }, { body: { targets: [cloud.targetArn('t')], documentSource } })
    cloud.objects.stored.clear()
    expect(cloud.iot('GetJobDocument', { jobId: 'j' })).toEqual({ document: '{"from":"s3"}' })
    expect(cloud.iot('DescribeJob', { jobId: 'j' }).documentSource).toBe(documentSource)
  })
})

describe('a job that is refused', () => {
  const rollout = (exponentialRate: object) => ({ jobExecutionsRolloutConfig: { exponentialRate } })
  const abort = (criterion: object) => ({
    abortConfig: { criteriaList: [{ failureType: 'FAILED', action: 'CANCEL', thresholdPercentage: 10, minNumberOfExecutedThings: 1, ...criterion }] },
  })
  const retry = (...criteriaList: object[]) => ({ jobExecutionsRetryConfig: { criteriaList } })

  test.each([
    ['no targets', { targets: [] }, "Value '[]' at 'targets' failed to satisfy constraint: Member must have length greater than or equal to 1"],
    ['targets missing', { targets: undefined }, "Value null at 'targets' failed to satisfy constraint: Member must not be null"],
    ['a target that is no ARN', { targets: ['fleet'] }, "Value 'fleet' at 'targets.1.member'"],
    ['no document', { document: undefined }, 'Exactly one of document and documentSource'],
    ['two documents', { documentSource: 'https://s3.amazonaws.com/b/k' }, 'Exactly one of document and documentSource'],
    ['a document that is no JSON', { document: '{' }, 'not valid JSON'],
    ['a document of 32769 bytes', { document: JSON.stringify('ü'.repeat(16_383) + 'x') }, '32769 bytes'],
    ['placeholders without a role', { document: '{"url":"${aws:iot:s3-presigned-url:https://s3.amazonaws.com/b/k}"}' }, 'roleArn'],
    ['a placeholder that is not supported', { document: '{"url":"${aws:iot:package:x}"}' }, 'not supported'],
    ['half a character in a URL', { document: '{"u":"${aws:iot:s3-presigned-url:https://s3.amazonaws.com/b/\\ud800}"}', ...SIGNED }, 'is no text'],
    ['an upload to nowhere', { document: '{"url":"${aws:iot:s3-presigned-url-upload:x}"}' }, 'roleArn'],
    ['a selection that is none', { targetSelection: 'ALL' }, 'enum value set: [SNAPSHOT, CONTINUOUS]'],
    ['URLs for less than a minute', { presignedUrlConfig: { roleArn: ROLE, expiresInSec: 59 } }, 'greater than or equal to 60'],
    ['URLs for more than an hour', { presignedUrlConfig: { roleArn: ROLE, expiresInSec: 3601 } }, 'less than or equal to 3600'],
    ['a rate of 0', { jobExecutionsRolloutConfig: { maximumPerMinute: 0 } }, "Value '0' at 'jobExecutionsRolloutConfig.maximumPerMinute'"],
    ['a factor of 1', rollout({ baseRatePerMinute: 1, incrementFactor: 1, rateIncreaseCriteria: { numberOfNotifiedThings: 1 } }), '1.1'],
    ['two decimals', rollout({ baseRatePerMinute: 1, incrementFactor: 1.25, rateIncreaseCriteria: { numberOfNotifiedThings: 1 } }), 'one decimal'],
    ['no criterion for the rate', rollout({ baseRatePerMinute: 1, incrementFactor: 2, rateIncreaseCriteria: {} }), 'numberOfNotifiedThings or'],
    ['a threshold of 0', abort({ thresholdPercentage: 0 }), 'greater than 0'],
    ['a threshold of 101', abort({ thresholdPercentage: 101 }), 'less than or equal to 100'],
    ['a threshold with three decimals', abort({ thresholdPercentage: 0.125 }), 'two decimals'],
    ['another action', abort({ action: 'PAUSE' }), '[CANCEL]'],
    ['a minimum of 0', abort({ minNumberOfExecutedThings: 0 }), 'minNumberOfExecutedThings'],
    ['eleven retries', retry({ failureType: 'FAILED', numberOfRetries: 11 }), 'less than or equal to 10'],
    ['ALL with another', retry({ failureType: 'ALL', numberOfRetries: 1 }, { failureType: 'FAILED', numberOfRetries: 1 }), 'ALL alone'],
    ['timeouts retried without timeout', retry({ failureType: 'TIMED_OUT', numberOfRetries: 1 }), 'timeoutConfig'],
    ['a timeout of 0', { timeoutConfig: { inProgressTimeoutInMinutes: 0 } }, 'greater than or equal to 1'],
    ['a description with a line break', { description: 'a\nb' }, "at 'description'"],
    ['51 tags', { tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}` })) }, "at 'tags'"],
    ['a template and a document', { jobTemplateArn: 'arn:aws:iot:eu-west-1:123456789012:jobtemplate/x' }, 'takes its document from the template'],
    ['parameters without a template', { documentParameters: { a: 'b' } }, 'only be given with the ARN of a managed template'],
    ['a namespace with a slash', { namespaceId: 'a/b' }, "at 'namespaceId'"],
    ['26 package versions', { destinationPackageVersions: Array.from({ length: 26 }, () => 'arn:aws:iot:::p') }, 'less than or equal to 25'],
    ['a tag with a hash', { tags: [{ Key: '#' }] }, "at 'tags.1.member.key'"],
    ['an empty description', { description: '' }, "at 'description'"],
    [
      'a window that is no cron expression',
      { schedulingConfig: { maintenanceWindows: [{ startTime: 'noon', durationInMinutes: 1 }] } },
      'has 6 fields',
    ],
    ['a window without duration', { schedulingConfig: { maintenanceWindows: [{ startTime: '0 12 * * ? *' }] } }, 'durationInMinutes'],
    ['a start in ten minutes', { schedulingConfig: { startTime: '2023-11-14 22:23' } }, '30 minutes'],
    ['a start that is no time', { schedulingConfig: { startTime: 'soon' } }, "Value 'soon' at 'schedulingConfig.startTime'"],
    ['an end behaviour without an end', { schedulingConfig: { endBehavior: 'CANCEL' } }, 'endBehavior needs an endTime'],
  ])('%s', (_title, body, text) => {
    expect(() => cloudWithThing().createJob('j', ['t'], body)).toThrow(failure('InvalidRequestException', text))
  })

  test('every violation is named at once', () => {
    const body = { timeoutConfig: { inProgressTimeoutInMinutes: 0 }, jobExecutionsRolloutConfig: { maximumPerMinute: 1001 } }
    expect(() => cloudWithThing().createJob('j', ['t'], body)).toThrow(failure('InvalidRequestException', '2 validation errors detected: '))
  })

  test.each(['', 'a b', 'x'.repeat(65), '$next'])('the job id %j', (jobId) => {
    expect(() => cloudWithThing().createJob(jobId, ['t'])).toThrow(failure('InvalidRequestException', "at 'jobId'"))
  })

  test('an unknown target, of either kind', () => {
    const arn = (kind: string) => `arn:aws:iot:${REGION}:${ACCOUNT}:${kind}/nobody`
    for (const kind of ['thing', 'thinggroup'])
      expect(() => cloudWithThing().createJob('j', [], { targets: [arn(kind)] })).toThrow(failure('ResourceNotFoundException', arn(kind)))
  })

  test('more than a hundred targets', () => {
    const cloud = new FakeCloud()
    const things = Array.from({ length: 101 }, (_, index) => `t${index}`)
    cloud.registry.addGroup('fleet', things)
    expect(() => cloud.createJob('j', things)).toThrow(failure('LimitExceededException'))
  })

  test('nothing is left behind', () => {
    const cloud = cloudWithThing()
    expect(() => cloud.createJob('j', ['t'], { document: '{', tags: [{ Key: 'a', Value: 'b' }] })).toThrow()
    expect(cloud.registry.tags).toEqual([])
    expect(cloud.iot('ListJobs', {})).toEqual({ jobs: [] })
  })
})
