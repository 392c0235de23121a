import { describe, expect, test } from 'vitest'
import { fakeAws, refusal } from './fake-aws.ts'
import { PREPARED, rehearse, scenarioWith } from './rehearsal.ts'

const JOB = { job: { targets: ['trackers'], image: 'app' } }
const FIRMWARE_IMAGE = { firmwareImage: { targets: ['gators'], image: 'app' } }

describe('prepare', () => {
  test('puts bucket, images, groups and things into the cloud, in this order, and looks whether they arrived', async () => {
    const { clients, calls } = fakeAws(PREPARED)
    const { controller, events, registered, run } = rehearse(scenarioWith([JOB, FIRMWARE_IMAGE]), clients)
    await run(() => controller.prepare())
    expect(calls.map(({ operation, input }) => [operation, input['Key'] ?? input['Bucket'] ?? input['thingGroupName']])).toEqual([
      ['createBucket', 'fleetsim-r1'],
      ['putObject', 'app/1.0.1/tracker.bin'],
      ['headObject', 'app/1.0.1/tracker.bin'],
      ['putObject', 'app/1.0.1/data-gator.bin'],
      ['headObject', 'app/1.0.1/data-gator.bin'],
      ['createThingGroup', 'trackers'],
      ['describeThingGroup', 'trackers'],
      ['createThingGroup', 'gators'],
      ['describeThingGroup', 'gators'],
      ['createThingGroup', 'gators-gateways'],
      ['describeThingGroup', 'gators-gateways'],
    ])
    expect(calls[0]!.input['CreateBucketConfiguration']).toEqual({ LocationConstraint: 'eu-west-1' })
    expect(calls[5]!.input['tags']).toEqual([{ Key: 'fleetsim:run', Value: 'r1' }])
    expect(Object.fromEntries(registered)).toEqual({
      trackers: ['trackers-000000', 'trackers-000001', 'trackers-000002', 'trackers-000003'],
      gators: ['gators-000000', 'gators-000001', 'gators-000002', 'gators-000003'],
      'gators-gateways': ['gators-gateways-000000', 'gators-gateways-000001'],
    })
    expect(events).toMatchObject([
      { at: 0, type: 'image-uploaded', image: 'app', version: '1.0.1', bytes: 1024 },
      { at: 0, type: 'image-uploaded', image: 'app', version: '1.0.1', bytes: 1024 },
    ])
  })

  test('names no location in us-east-1, which S3 would refuse', async () => {
    const { clients, calls } = fakeAws(PREPARED, 'us-east-1')
    const { controller, run } = rehearse(scenarioWith([JOB]), clients)
    await run(() => controller.prepare())
    expect(calls[0]).toEqual({ operation: 'createBucket', input: { Bucket: 'fleetsim-r1' } })
  })

  test('does not rely on an image that arrived short', async () => {
    const { clients } = fakeAws({ ...PREPARED, headObject: () => ({ ContentLength: 1000 }) })
    const { controller, run } = rehearse(scenarioWith([JOB]), clients)
    await expect(run(() => controller.prepare())).rejects.toMatchObject({ exitCode: 97, message: 'image app: 1024 bytes uploaded, but S3 has 1000' })
  })

  test('asks nothing of the cloud when gators could not read the version', async () => {
    const { clients, calls } = fakeAws(PREPARED)
    const scenario = scenarioWith([FIRMWARE_IMAGE], { images: { app: { version: '1.0.10', size: '1KiB' } } })
    const { controller, run } = rehearse(scenario, clients)
    await expect(run(() => controller.prepare())).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 100,
      message: expect.stringContaining('not 1.0.10'),
    })
    expect(calls).toEqual([])
  })
})

describe('cleanUp', () => {
  const JOB_OVER = { describeJob: () => ({ job: { status: 'COMPLETED' } }) }

  /** Prepared, one job run, then cleaned up by `answers`. */
  async function cleanedUp(answers: Parameters<typeof fakeAws>[0], abort = false) {
    const table = { ...PREPARED, ...JOB_OVER }
    const aws = fakeAws(table)
    const rehearsal = rehearse(scenarioWith([JOB]), aws.clients)
    await rehearsal.run(async () => {
      await rehearsal.controller.prepare()
      await rehearsal.controller.runRollout(0)
    })
    aws.calls.length = 0
    Object.assign(table, { describeJob: gone, ...answers })
    if (abort) rehearsal.stop.abort()
    return { ...aws, ...rehearsal, outcome: rehearsal.run(() => rehearsal.controller.cleanUp()) }
  }

  const gone = () => {
    throw refusal('ResourceNotFoundException')
  }

  const CLEAN = ['cancelJob', 'deleteJob', 'describeJob', 'deleteThingGroup', 'deleteThingGroup', 'deleteThingGroup', 'deleteObject', 'deleteBucket']

  test('removes what was made, and tells how much', async () => {
    const { outcome, calls, events } = await cleanedUp({})
    expect(await outcome).toBe(6)
    expect(calls.map(({ operation }) => operation)).toEqual(CLEAN)
    expect(calls[0]!.input).toMatchObject({ jobId: 'exponential-r1-0', force: true })
    expect(calls[1]!.input).toEqual({ jobId: 'exponential-r1-0', force: true })
    expect(events.at(-1)).toEqual({ at: 0, type: 'cloud-removed', resources: 6 })
  })

  test('works after an abort', async () => {
    const { outcome } = await cleanedUp({}, true)
    expect(await outcome).toBe(6)
  })

  test('waits in simulated time until AWS has deleted a job', async () => {
    let looks = 0
    const { outcome, events } = await cleanedUp({ describeJob: () => (++looks < 4 ? { job: { status: 'DELETION_IN_PROGRESS' } } : gone()) })
    expect(await outcome).toBe(6)
    expect(events.at(-1)!.at).toBe(3_000)
  })

  test('gives up on a job that never goes, and goes on with the rest', async () => {
    const { outcome, calls } = await cleanedUp({ describeJob: () => ({ job: { status: 'DELETION_IN_PROGRESS' } }) })
    await expect(outcome).rejects.toMatchObject({ exitCode: 101, message: expect.stringContaining('still there 600 s after its deletion began') })
    expect(calls.at(-1)!.operation).toBe('deleteBucket')
  })

  test('tries every step whatever failed before, and reports all failures at once', async () => {
    const refuse = () => {
      throw refusal('ThrottlingException', 'slow down')
    }
    const { outcome, calls, events } = await cleanedUp({ cancelJob: refuse, deleteJob: refuse, deleteThingGroup: refuse, deleteObject: refuse })
    await expect(outcome).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 101,
      message: [
        'clean-up left something behind:',
        '  the cloud refused CancelJob: ThrottlingException: slow down',
        '  the cloud refused DeleteJob: ThrottlingException: slow down',
        '  the cloud refused DeleteThingGroup: ThrottlingException: slow down',
        '  the cloud refused DeleteThingGroup: ThrottlingException: slow down',
        '  the cloud refused DeleteThingGroup: ThrottlingException: slow down',
        '  the cloud refused DeleteObject: ThrottlingException: slow down',
      ].join('\n'),
    })
    expect(calls.map(({ operation }) => operation)).toEqual(CLEAN.filter((operation) => operation !== 'describeJob'))
    expect(events.at(-1)).toMatchObject({ type: 'cloud-removed', resources: 1 })
  })

  test('tries again only what is left', async () => {
    let refusing = true
    const { outcome, calls, run, controller } = await cleanedUp({
      deleteObject: () => {
        if (refusing) throw refusal('InternalError')
      },
    })
    await expect(outcome).rejects.toMatchObject({ exitCode: 101 })
    refusing = false
    calls.length = 0
    expect(await run(() => controller.cleanUp())).toBe(1)
    expect(calls.map(({ operation }) => operation)).toEqual(['deleteObject'])
  })

  test('has nothing to do before anything was made', async () => {
    const { clients, calls } = fakeAws()
    const { controller, run } = rehearse(scenarioWith([JOB]), clients)
    expect(await run(() => controller.cleanUp())).toBe(0)
    expect(calls).toEqual([])
  })
})
