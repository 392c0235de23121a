import { expect, test } from 'vitest'
import { VirtualClock } from '../../src/clock/virtual.ts'
import { Cloud } from '../../src/cloud/cloud.ts'
import { Controller } from '../../src/controller/controller.ts'
import type { Event } from '../../src/ports/events.ts'
import { planRun } from '../../src/run/plan.ts'
import { scenarioSchema } from '../../src/scenario/schema.ts'
import { fakeAws } from './fake-aws.ts'
import { NOW0, PREPARED } from './rehearsal.ts'

const ORIGIN = 'http://127.0.0.1:4610'

/** Four lights behind two gateways that never answer, on the real platform; the test plays the gateways with a token of its own. */
async function rollout(
  report: (patch: (device: number, step: object) => void, at: (seconds: number, act: () => void) => void) => void,
  stopAfterSec = Infinity,
) {
  const clock = new VirtualClock(NOW0)
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' }
  const cloud = new Cloud({ clock, credentials, url: ORIGIN, mqttEndpoint: '127.0.0.1:1883' })
  const parsed = scenarioSchema.parse({
    name: 'olt',
    fleet: { lights: { kind: 'olt-gateway', count: 4, gateways: 2, firmware: '1.0.0' } },
    images: { app: { version: '1.0.1', size: '1KiB' } },
    rollouts: [{ oltInstallation: { targets: ['lights'], image: 'app', perMinute: 2, deadline: '10m' } }],
  })
  const scenario = { ...parsed, path: 'olt.yaml', text: '', thresholds: [] }
  const events: Event[] = []
  const stop = new AbortController()
  const controller = new Controller({
    scenario,
    fleet: planRun(scenario).fleet,
    clients: fakeAws(PREPARED).clients,
    clock,
    runId: 'r1',
    emit: (event) => events.push(event),
    now0: NOW0,
    account: undefined,
    removeThings: async () => ({ removed: 0, failures: [] }),
    registerThings: async () => {},
    presign: async () => '',
    roleArn: undefined,
    olt: async (request) => cloud.http.handle({ ...request, headers: { ...request.headers, 'x-fleetsim-peer': 'loopback' } }),
    signal: stop.signal,
  })
  const at = (seconds: number, act: () => void) => clock.wake(NOW0 + seconds * 1000, { wake: act }, 0)
  const token = cloud.olt.tokens.mint({ permissions: ['firmware:write'] })
  report((device, step) => {
    const name = `lights-00000${device}`
    const { id } = cloud.olt.installationsOf(name).at(-1)!
    const headers = { authorization: `Bearer ${token}` }
    cloud.http.handle({ method: 'PATCH', url: `/v1/devices/${name}/firmware-installations/${id}`, headers, body: Buffer.from(JSON.stringify(step)) })
  }, at)
  if (stopAfterSec !== Infinity) at(stopAfterSec, () => stop.abort(new Error('stopped')))
  let over = false
  const story = clock.actor(async () => {
    await controller.prepare()
    const end = await controller.runRollout(0)
    const requested = [0, 1, 2, 3].map((device) =>
      cloud.olt.installationsOf(`lights-00000${device}`).map(({ requestedAt }) => (requestedAt - NOW0) / 1000),
    )
    await controller.cleanUp()
    return { end, requested, left: [...cloud.olt.firmwares.values()] }
  })
  story.finally(() => (over = true)).catch(() => {})
  await clock.run(() => over)
  return { ...(await story), events, cloud }
}

const DATE = new Date(NOW0).toISOString()

test('asks for installations at its pace, follows their timestamps, and leaves no firmware behind', async () => {
  const { end, requested, left, events, cloud } = await rollout((patch, at) => {
    at(65, () => patch(0, { startedAt: DATE }))
    at(70, () => patch(0, { completedAt: DATE }))
    at(100, () => patch(1, { rejectedAt: DATE, rejectReason: 'no' }))
    for (const device of [2, 3]) {
      at(110, () => patch(device, { startedAt: DATE }))
      at(120, () => patch(device, { completedAt: DATE }))
    }
  })
  expect(requested).toEqual([[0], [30], [60], [90]])
  expect(end).toMatchObject({ status: 'COMPLETED', counts: { SUCCEEDED: 3, REJECTED: 1, QUEUED: 0, IN_PROGRESS: 0 } })
  expect(events.find(({ type }) => type === 'rollout-finished')).toMatchObject({ at: 120_000 })
  const looks = events.flatMap((event) =>
    event.type === 'rollout-progress' ? [[event.at / 1000, event.counts.IN_PROGRESS, event.counts.SUCCEEDED]] : [],
  )
  expect(looks).toContainEqual([65, 1, 0])
  expect(looks).toContainEqual([70, 0, 1])
  expect(left).toEqual([])
  expect(cloud.olt.devices.get('lights-000003')!.info).toMatchObject({ connectedBy: 'lights-gateways-000001', aliases: ['lights-000003'] })
})

test('what has not ended by the deadline is timed out', async () => {
  const { end, events } = await rollout((patch, at) => at(95, () => patch(3, { startedAt: DATE })))
  expect(end).toMatchObject({ status: 'TIMED_OUT', counts: { TIMED_OUT: 4 } })
  expect(events.find(({ type }) => type === 'rollout-finished')).toMatchObject({ at: 600_000 })
})

test('a run that is stopped asks for no more, and takes nothing back', async () => {
  const { end, requested } = await rollout(() => {}, 45)
  expect(end).toMatchObject({ status: 'IN_PROGRESS', counts: { QUEUED: 2 } })
  expect(requested).toEqual([[0], [30], [], []])
})
