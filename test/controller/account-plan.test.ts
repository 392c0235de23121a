import { describe, expect, test } from 'vitest'
import { accountPlan } from '../../src/controller/account-plan.ts'
import { costOf } from '../../src/controller/cost.ts'
import { FLEET, scenarioWith } from './rehearsal.ts'

const plan = (certificates: 'shared' | 'per-device' | 'none', rollouts: unknown[]) =>
  accountPlan({ scenario: scenarioWith(rollouts), fleet: FLEET, certificates, sizeOf: () => 10_000, expectedMs: 90_000 })

const JOB = { job: { targets: ['trackers'], image: 'app' } }

describe('what a run asks of an account', () => {
  test('every thing is made, attached and put into its group; one certificate serves all of them', () => {
    expect(plan('shared', [JOB]).setUp).toEqual({
      DescribeEndpoint: 2,
      CreatePolicy: 1,
      CreateKeysAndCertificate: 1,
      AttachPolicy: 1,
      CreateThingGroup: 3,
      DescribeThingGroup: 3,
      CreateThing: 10,
      AttachThingPrincipal: 10,
      AddThingToThingGroup: 10,
      CreateBucket: 1,
      PutBucketTagging: 1,
      PutObject: 1,
      HeadObject: 1,
    })
  })

  test('or each has its own', () => {
    const { setUp, cleanUp } = plan('per-device', [JOB])
    expect(setUp).toMatchObject({ CreateKeysAndCertificate: 10, AttachPolicy: 10, AttachThingPrincipal: 10 })
    expect(cleanUp).toMatchObject({ UpdateCertificate: 10, DeleteCertificate: 10, DetachThingPrincipal: 10, DeleteThing: 10 })
  })

  test('without TLS there are no certificates and no policy', () => {
    expect(Object.keys({ ...plan('none', [JOB]).setUp, ...plan('none', [JOB]).cleanUp }).join()).not.toMatch(/Certificate|Policy|Principal/)
  })

  test('what has the most calls for its quota decides how long it takes', () => {
    // 10 calls of AttachThingPrincipal at 8 a second.
    expect(plan('shared', [JOB]).setUpMs).toBe(1250)
  })

  test('trackers download fragment by fragment, a gateway once for all of its gators', () => {
    const { downloads, remoteActions, running } = plan('shared', [JOB, { firmwareImage: { targets: ['gators'], image: 'app' } }])
    // 4 trackers in fragments of 2 KiB, 2 gateways.
    expect(downloads).toEqual({ requests: 4 * 5 + 2, bytes: 6 * 10_000 })
    expect(remoteActions).toBe(4)
    expect(running).toEqual({ CreateJob: 1, DescribeJob: 18, ListJobExecutionsForJob: 1, Publish: 2 })
  })
})

describe('what it costs', () => {
  const base = plan('shared', [JOB])

  test('each line is a quantity times a published price, and the sum is that of the lines', () => {
    const { lines, usd } = costOf({
      ...base,
      connectionMinutes: 1_000_000,
      messages: 2_000_000,
      remoteActions: 1000,
      shadowOperations: 800_000,
      downloads: { requests: 9_999, bytes: 10e9 },
    })
    const of = (what: string) => lines.find((line) => line.what.startsWith(what))!.usd
    expect(of('IoT connectivity')).toBeCloseTo(0.08, 6)
    expect(of('IoT messages')).toBeCloseTo(2, 6)
    expect(of('IoT jobs')).toBeCloseTo(3, 6)
    expect(of('IoT shadow')).toBeCloseTo(1, 6)
    // One HeadObject more.
    expect(of('S3 GET')).toBeCloseTo(0.004, 6)
    expect(of('transfer')).toBeCloseTo(0.9, 6)
    expect(usd).toBeCloseTo(
      lines.reduce((sum, line) => sum + line.usd, 0),
      10,
    )
  })

  test('a rehearsal with four trackers costs a little more than a cent', () => {
    expect(costOf(base).usd).toBeGreaterThan(0.012)
    expect(costOf(base).usd).toBeLessThan(0.013)
  })
})
