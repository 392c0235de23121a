import { describe, expect, test } from 'vitest'
import type { JobConfig } from '../../src/controller/config.ts'
import { imageFor } from '../../src/controller/image.ts'
import { createJobInput, jobIdOf } from '../../src/controller/job-input.ts'
import { runOf } from '../../src/controller/run-names.ts'
import { scenarioWith } from './rehearsal.ts'

const IMAGE = imageFor({ name: 'app', version: '1.0.1', bytes: new Uint8Array(240), crc32: 0xbeef, fromFile: true }, 'tracker')

const inputFor = (job: object, image = IMAGE) => {
  const [rollout] = scenarioWith([{ job }]).rollouts
  return createJobInput({
    jobId: 'exponential-r1-0',
    job: (rollout as { job: JobConfig }).job,
    targetArns: ['arn:aws:iot:eu-west-1:123456789012:thinggroup/trackers'],
    image,
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

test('the document of a job for Upparat: what its group asks for is no field of CreateJob', () => {
  const image = imageFor({ name: 'bundle', version: '1.1.0', bytes: new Uint8Array(9), crc32: 1, fromFile: false }, 'upparat')
  const input = inputFor({ targets: ['trackers'], image: 'app', upparat: { meta: 'm', force: true } }, image)
  expect(input.document).toBe(
    '{"version":"1.1.0","file":"${aws:iot:s3-presigned-url:https://s3.eu-west-1.amazonaws.com/fleetsim-r1/bundle/1.1.0/upparat.bin}","meta":"m","force":true}',
  )
  expect(input).not.toHaveProperty('upparat')
  // Nobody looks at the first bytes of a bundle.
  expect(image.bytes).toEqual(new Uint8Array(9))
})

describe('jobIdOf', () => {
  test('Upparat sees only ids with its prefix; the run is still told by them', () => {
    expect(jobIdOf('s', 'r1', 0, '', 'upparat')).toBe('upparat_s-r1-0')
    expect(jobIdOf('x'.repeat(80), 'r1', 0, 'fleetsim-mhk3z9d1-4f2a1b-', 'upparat')).toHaveLength(64)
    expect(runOf(jobIdOf('s', 'r1', 0, 'fleetsim-mhk3z9d1-4f2a1b-', 'upparat'))).toBe('mhk3z9d1-4f2a1b')
  })

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
