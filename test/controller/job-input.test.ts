import { describe, expect, test } from 'vitest'
import type { JobConfig } from '../../src/controller/config.ts'
import { imageFor } from '../../src/controller/image.ts'
import { createJobInput, jobIdOf } from '../../src/controller/job-input.ts'
import { scenarioWith } from './rehearsal.ts'

const IMAGE = imageFor({ name: 'app', version: '1.0.1', bytes: new Uint8Array(240), crc32: 0xbeef, fromFile: true }, 'tracker')

const inputFor = (job: object) => {
  const [rollout] = scenarioWith([{ job }]).rollouts
  return createJobInput({
    jobId: 'exponential-r1-0',
    job: (rollout as { job: JobConfig }).job,
    targetArns: ['arn:aws:iot:eu-west-1:123456789012:thinggroup/trackers'],
    image: IMAGE,
    bucket: 'fleetsim-r1',
    region: 'eu-west-1',
    download: { roleArn: 'arn:aws:iam::123456789012:role/fleetsim' },
    runId: 'r1',
  })
}

describe('createJobInput', () => {
  test('passes every configuration on, field for field', () => {
    const configs = {
      description: 'A build with a few bad apples',
      targetSelection: 'CONTINUOUS',
      jobExecutionsRolloutConfig: {
        maximumPerMinute: 1000,
        exponentialRate: { baseRatePerMinute: 50, incrementFactor: 1.5, rateIncreaseCriteria: { numberOfSucceededThings: 50 } },
      },
      abortConfig: { criteriaList: [{ failureType: 'FAILED', action: 'CANCEL', thresholdPercentage: 20, minNumberOfExecutedThings: 100 }] },
      timeoutConfig: { inProgressTimeoutInMinutes: 10 },
      jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'FAILED', numberOfRetries: 3 }] },
    }
    expect(inputFor({ targets: ['trackers'], image: 'app', presignedUrlConfig: { expiresInSec: 600 }, ...configs })).toEqual({
      ...configs,
      jobId: 'exponential-r1-0',
      targets: ['arn:aws:iot:eu-west-1:123456789012:thinggroup/trackers'],
      document:
        '{"operation":"app_fw_update","fwversion":"1.0.1","size":240,"filename":"app-v1.0.1.bin","location":{"url":"${aws:iot:s3-presigned-url:https://s3.eu-west-1.amazonaws.com/fleetsim-r1/app/1.0.1/tracker.bin}"},"crc32":"0000beef"}',
      presignedUrlConfig: { roleArn: 'arn:aws:iam::123456789012:role/fleetsim', expiresInSec: 600 },
      tags: [{ Key: 'fleetsim:run', Value: 'r1' }],
    })
  })

  test('leaves out what the scenario leaves out', () => {
    expect(Object.keys(inputFor({ targets: ['trackers'], image: 'app' })).toSorted()).toEqual([
      'document',
      'jobId',
      'presignedUrlConfig',
      'tags',
      'targetSelection',
      'targets',
    ])
  })
})

describe('jobIdOf', () => {
  const rows: [string, string, string][] = [
    ['a name that fits stays whole', 'exponential', 'exponential-20260101-1200-abcd-0'],
    ['a name of 60 gives way', 'n'.repeat(60), `${'n'.repeat(43)}-20260101-1200-abcd-0`],
  ]
  test.each(rows)('%s', (_why, name, expected) => {
    const jobId = jobIdOf(name, '20260101-1200-abcd', 0)
    expect(jobId).toBe(expected)
    expect(jobId).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
  })
})
