import { IoTJobsDataPlane } from '@aws-sdk/client-iot-jobs-data-plane'
import { describe, expect, test } from 'vitest'
import { VirtualClock } from '../../src/clock/virtual.ts'
import { Cloud } from '../../src/cloud/cloud.ts'
import { awsClients } from '../../src/controller/aws-clients.ts'
import { Controller } from '../../src/controller/controller.ts'
import { inProcessHandler } from '../../src/controller/in-process-handler.ts'
import type { Event } from '../../src/ports/events.ts'
import { FLEET, NOW0, scenarioWith } from './rehearsal.ts'

const REGION = 'us-east-1'
const ENDPOINT = 'http://127.0.0.1:4610'
const CREDENTIALS = { accessKeyId: 'fleetsim', secretAccessKey: 'fleetsim' }

/** The real SDK and the real embedded cloud, in virtual time and without sockets. */
async function embedded(rollout: object) {
  const clock = new VirtualClock(NOW0)
  const cloud = new Cloud({ clock, credentials: CREDENTIALS, url: ENDPOINT, mqttEndpoint: '127.0.0.1:1883' })
  const config = {
    endpoint: ENDPOINT,
    region: REGION,
    credentials: CREDENTIALS,
    requestHandler: inProcessHandler((request) => cloud.http.handle(request)),
  }
  const clients = await awsClients(config)
  const devices = new IoTJobsDataPlane(config)
  const events: Event[] = []
  const controller = new Controller({
    scenario: scenarioWith([rollout]),
    fleet: FLEET,
    clients,
    clock,
    runId: 'r1',
    emit: (event) => events.push(event),
    now0: NOW0,
    account: undefined,
    removeThings: async () => ({ removed: 0, failures: [] }),
    registerThings: async (group, things) => cloud.registry.addFleet(group, things),
    presign: async (bucket, key, expiresInSec) => cloud.objects.presign(`https://s3.${REGION}.amazonaws.com/${bucket}/${key}`, expiresInSec),
    roleArn: 'arn:aws:iam::123456789012:role/fleetsim',
    signal: new AbortController().signal,
  })

  /** Runs these actors side by side until the first of them is over. */
  const run = async <T>(first: () => Promise<T>, ...others: (() => Promise<unknown>)[]): Promise<T> => {
    let over = false
    const outcome = clock.actor(first).finally(() => (over = true))
    outcome.catch(() => {})
    for (const other of others) void clock.actor(other)
    await clock.run(() => over)
    return outcome
  }
  return { clock, clients, devices, events, controller, run }
}

describe('the controller over the embedded cloud', () => {
  test('rolls a job out to things that work it off, and leaves the cloud empty', async () => {
    const { clock, clients, devices, events, controller, run } = await embedded({ job: { targets: ['trackers'], image: 'app' }, at: '30s' })
    await run(() => controller.prepare())

    /** Starts whatever is next and succeeds ten seconds later; the third tracker fails. */
    const tracker = (thingName: string, status: 'SUCCEEDED' | 'FAILED') => async () => {
      for (;;) {
        const { execution } = await devices.startNextPendingJobExecution({ thingName })
        await clock.sleep(10_000)
        if (!execution) continue
        await devices.updateJobExecution({ thingName, jobId: execution.jobId, status })
        return
      }
    }
    const end = await run(
      () => controller.runRollout(0),
      ...[0, 1, 2, 3].map((number) => tracker(`trackers-00000${number}`, number === 2 ? 'FAILED' : 'SUCCEEDED')),
    )
    expect(end).toMatchObject({ status: 'COMPLETED', counts: { SUCCEEDED: 3, FAILED: 1, QUEUED: 0 } })
    expect(events.filter((event) => event.type === 'execution').map(({ device, status }) => [device, status])).toEqual([
      [0, 'SUCCEEDED'],
      [1, 'SUCCEEDED'],
      [2, 'FAILED'],
      [3, 'SUCCEEDED'],
    ])
    expect(events.find((event) => event.type === 'rollout-started')).toMatchObject({ at: 30_000, targets: 4 })

    expect(await run(() => controller.cleanUp())).toBe(6)
    const { jobs } = await clients.iot.listJobs({})
    const { thingGroups } = await clients.iot.listThingGroups({})
    const { Buckets } = await clients.s3.listBuckets({})
    expect([jobs, thingGroups, Buckets ?? []]).toEqual([[], [], []])
  })

  test('gives devices a document with a URL that leads to the image', async () => {
    const { clients, devices, clock, controller, run } = await embedded({ job: { targets: ['trackers'], image: 'app' } })
    await run(() => controller.prepare())
    const document = await run(
      async () => {
        await clock.sleep(30_000)
        const { execution } = await devices.startNextPendingJobExecution({ thingName: 'trackers-000000' })
        return JSON.parse(String(execution?.jobDocument)) as { location: { url: string } }
      },
      () => controller.runRollout(0),
    )
    expect(document).toMatchObject({ operation: 'app_fw_update', fwversion: '1.0.1', size: 1024, filename: 'app-v1.0.1.bin' })
    expect(document.location.url).toMatch(/^http:\/\/127\.0\.0\.1:4610\/fleetsim-r1\/app\/1\.0\.1\/tracker\.bin\?.*X-Amz-Signature=/)
    const { ContentLength } = await clients.s3.headObject({ Bucket: 'fleetsim-r1', Key: 'app/1.0.1/tracker.bin' })
    expect(ContentLength).toBe(1024)
  })

  test('cancels with force what hangs, when the scenario plans it', async () => {
    const { devices, clock, controller, events, run } = await embedded({
      job: { targets: ['trackers'], image: 'app' },
      cancel: { at: '2m', force: true },
    })
    await run(() => controller.prepare())
    const end = await run(
      () => controller.runRollout(0),
      async () => {
        await clock.sleep(60_000)
        await devices.startNextPendingJobExecution({ thingName: 'trackers-000001' })
      },
    )
    expect(end).toMatchObject({ status: 'CANCELED', reason: 'PLANNED_CANCEL: As the scenario says', counts: { CANCELED: 4, IN_PROGRESS: 0 } })
    expect(events.filter((event) => event.type === 'execution').map(({ status }) => status)).toEqual(Array(4).fill('CANCELED'))
    expect(events.findLast((event) => event.type === 'rollout-progress')).toMatchObject({ at: 120_000, status: 'CANCELED' })
  })

  test('publishes to gateways, and times gators out that never answer', async () => {
    const { controller, events, run } = await embedded({ firmwareImage: { targets: ['gators'], image: 'app', deadline: '10m' } })
    await run(() => controller.prepare())
    expect(await run(() => controller.runRollout(0))).toMatchObject({ status: 'TIMED_OUT', counts: { TIMED_OUT: 4 } })
    expect(events.at(-1)).toMatchObject({ at: 600_000, type: 'rollout-finished' })
  })
})
