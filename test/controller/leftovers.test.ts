import { describe, expect, test } from 'vitest'
import { findLeftovers } from '../../src/controller/leftovers.ts'
import { removeResources } from '../../src/controller/remove-resources.ts'
import { type Answers, fakeAws, refusal } from './fake-aws.ts'

const RUN = 'mwqak5ax-821b51'
const OTHER = 'mwqak5ay-000000'
const mine = (name: string) => `fleetsim-${RUN}-${name}`
const ARN = 'arn:aws:iot:eu-west-1:1:cert/'

/** An account with a run's leftovers, another run's, and things of others. */
const ACCOUNT: Answers = {
  listJobs: ({ nextToken }) =>
    nextToken === undefined
      ? { jobs: [{ jobId: 'nightly' }, { jobId: mine('small-0') }], nextToken: '2' }
      : { jobs: [{ jobId: `fleetsim-${OTHER}-x-0` }] },
  listOTAUpdates: () => {
    throw Object.assign(refusal('UnknownError'), { $metadata: { httpStatusCode: 404 } })
  },
  listThingGroups: () => ({ thingGroups: [{ groupName: mine('trackers') }] }),
  listThings: () => ({ things: [{ thingName: 'pump-1' }, { thingName: mine('trackers-000000') }] }),
  listPolicies: () => ({ policies: [{ policyName: 'fleetsim-policy' }, { policyName: mine('devices') }] }),
  listBuckets: () => ({ Buckets: [{ Name: `fleetsim-${RUN}` }, { Name: 'fleetsim-results' }] }),
  listTargetsForPolicy: () => ({ targets: [`${ARN}c1`] }),
}

describe('what runs left', () => {
  test('is told by run, over all pages, with the certificates of its policies; what others made is not', async () => {
    const { runs, missing } = await findLeftovers(fakeAws(ACCOUNT).clients, undefined, [])
    expect(runs.get(RUN)).toEqual({
      job: [mine('small-0')],
      'thing-group': [mine('trackers')],
      thing: [mine('trackers-000000')],
      policy: [mine('devices')],
      bucket: [`fleetsim-${RUN}`],
      certificate: ['c1'],
    })
    expect(runs.get(OTHER)).toEqual({ job: [`fleetsim-${OTHER}-x-0`] })
    expect(runs.size).toBe(2)
    expect(missing).toEqual(['ListOTAUpdates'])
  })

  test('of one run: its things are asked for by their attribute, and certificates that its manifest knows count, if they are still there', async () => {
    const describeCertificate = ({ certificateId }: Record<string, unknown>) => {
      if (certificateId === 'c3') throw refusal('ResourceNotFoundException')
      return {}
    }
    const { clients, calls } = fakeAws({ ...ACCOUNT, describeCertificate })
    const { runs } = await findLeftovers(clients, RUN, ['c1', 'c2', 'c3'])
    expect([...runs.keys()]).toEqual([RUN])
    expect(runs.get(RUN)!.certificate).toEqual(['c1', 'c2'])
    expect(calls.find(({ operation }) => operation === 'listThings')!.input).toMatchObject({ attributeName: 'fleetsim:run', attributeValue: RUN })
  })

  test('any other error is told', async () => {
    const { clients } = fakeAws({
      ...ACCOUNT,
      listJobs: () => {
        throw refusal('UnrecognizedClientException')
      },
    })
    await expect(findLeftovers(clients, undefined, [])).rejects.toThrow('the cloud refused ListJobs: UnrecognizedClientException')
  })
})

describe('removing it', () => {
  const gone = () => {
    throw refusal('ResourceNotFoundException')
  }
  const WHOLE: Answers = {
    describeJob: gone,
    describeCertificate: () => ({ certificateDescription: { certificateArn: `${ARN}c1` } }),
    listPrincipalThings: () => ({ things: [mine('trackers-000000')] }),
    listPolicyVersions: () => ({
      policyVersions: [
        { versionId: '2', isDefaultVersion: true },
        { versionId: '1', isDefaultVersion: false },
      ],
    }),
    listObjectVersions: () => ({ Versions: [{ Key: 'k', VersionId: 'v1' }], DeleteMarkers: [{ Key: 'k', VersionId: 'v2' }] }),
  }
  const NAMES = {
    job: [mine('small-0')],
    'thing-group': [mine('trackers')],
    thing: [mine('trackers-000000')],
    certificate: ['c1'],
    policy: [mine('devices')],
    bucket: [`fleetsim-${RUN}`],
  }
  const remover = (answers: Answers) => {
    const { clients, calls } = fakeAws(answers)
    const waits: number[] = []
    return { calls, waits, remove: () => removeResources({ clients, sleep: async (ms) => void waits.push(ms) }, NAMES) }
  }

  test('goes in an order in which nothing is needed any more: detached, deactivated, deleted', async () => {
    const { calls, remove } = remover(WHOLE)
    expect(await remove()).toEqual({ removed: 6, failures: [] })
    const operations = calls.map(({ operation }) => operation)
    const inOrder = [
      'cancelJob',
      'deleteJob',
      'detachThingPrincipal',
      'updateCertificate',
      'deleteCertificate',
      'deletePolicyVersion',
      'deletePolicy',
      'deleteThingGroup',
      'deleteThing',
      'deleteObjects',
      'deleteBucket',
    ]
    expect(operations.filter((operation) => inOrder.includes(operation))).toEqual(inOrder)
    expect(calls.find(({ operation }) => operation === 'deleteObjects')!.input).toMatchObject({
      Delete: {
        Objects: [
          { Key: 'k', VersionId: 'v1' },
          { Key: 'k', VersionId: 'v2' },
        ],
      },
    })
  })

  test('what is gone already does no harm', async () => {
    const { remove } = remover({
      ...WHOLE,
      cancelJob: gone,
      deleteJob: gone,
      describeCertificate: gone,
      listTargetsForPolicy: gone,
      listPolicyVersions: gone,
      deletePolicy: gone,
      listObjectVersions: () => {
        throw refusal('NoSuchBucket')
      },
    })
    expect(await remove()).toEqual({ removed: 6, failures: [] })
  })

  test('a thing that still seems attached is tried again, since detachments take a while', async () => {
    let tries = 0
    const { waits, remove } = remover({
      ...WHOLE,
      deleteThing: () => {
        if (++tries < 3) throw refusal('InvalidRequestException', 'Cannot delete. Thing is still attached to one or more principals')
        return {}
      },
    })
    expect(await remove()).toEqual({ removed: 6, failures: [] })
    expect(waits).toEqual([1000, 2000])
  })

  test('one failure does not keep the rest, and is told', async () => {
    const { remove } = remover({
      ...WHOLE,
      deletePolicy: () => {
        throw refusal('UnauthorizedException')
      },
    })
    const { removed, failures } = await remove()
    expect(removed).toBe(5)
    expect(failures).toEqual([expect.objectContaining({ message: expect.stringContaining('DeletePolicy: UnauthorizedException') })])
  })
})
