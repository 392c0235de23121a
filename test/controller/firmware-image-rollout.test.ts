import { describe, expect, test } from 'vitest'
import type { DeviceEvent, Event } from '../../src/ports/events.ts'
import { fakeAws } from './fake-aws.ts'
import { NOW0, PREPARED, rehearse, scenarioWith } from './rehearsal.ts'

/** What a gator shows, without its time. */
type Shown = DeviceEvent extends infer One ? (One extends DeviceEvent ? Omit<One, 'at'> : never) : never

const FILE = 'app-v1.0.1.bin'

/** Runs one `firmwareImage` rollout while gators show these events at these times (ms since the run began). */
async function rollOut(rollout: object, shown: [number, Shown][], stopAt = Infinity) {
  const published: { at: number; input: Record<string, unknown> }[] = []
  const { clients } = fakeAws({ ...PREPARED, publish: (input) => void published.push({ at: rehearsal.clock.now() - NOW0, input }) })
  const scenario = scenarioWith([{ firmwareImage: { targets: ['gators'], image: 'app', ...rollout } }])
  const rehearsal = rehearse(scenario, clients)
  const { clock, controller, events, run, stop } = rehearsal
  for (const [at, event] of shown) clock.wake(NOW0 + at, { wake: () => controller.observe({ at, ...event } as DeviceEvent) }, 0)
  if (stopAt < Infinity) clock.wake(NOW0 + stopAt, { wake: () => stop.abort() }, 0)
  const end = await run(async () => {
    await controller.prepare()
    return controller.runRollout(0)
  })
  const executions = events.filter((event): event is Extract<Event, { type: 'execution' }> => event.type === 'execution')
  return { end, events, published, executions: executions.map(({ device, status, attempts }) => [device, status, attempts]) }
}

const pickedUp = (device: number, update = FILE) => ({ type: 'picked-up', device, update }) as const
const running = (device: number, version = '1.0.1') => ({ type: 'running', device, version }) as const
const failed = (device: number) => ({ type: 'reported', device, update: FILE, status: 'FAILED', accepted: true }) as const

describe('a firmwareImage rollout', () => {
  test('tells one gateway after the other at the pace that the scenario sets', async () => {
    const { published } = await rollOut({ gatewaysPerMinute: 4, deadline: '1m' }, [])
    expect(published.map(({ at, input }) => [at, input['topic'], input['qos']])).toEqual([
      [0, 'scarecro/gators-gateways-000000/firmware_image', 1],
      [15_000, 'scarecro/gators-gateways-000001/firmware_image', 1],
    ])
  })

  test('sends the message that SCARECRO reads', async () => {
    const { published, events } = await rollOut({ deadline: '10s' }, [])
    const uploaded = events.find((event) => event.type === 'image-uploaded')!
    expect(JSON.parse(String(published[1]!.input['payload']))).toEqual({
      msg_id: 'r1-gators-gateways-000001',
      msg_time: 1_767_225_601,
      msg_type: 'firmware_image',
      msg_content: {
        id: 'r1-gators-gateways-000001',
        time: 1_767_225_601,
        file_name: FILE,
        cloud_path: 'http://s3/fleetsim-r1/app/1.0.1/data-gator.bin?expires=3600',
        disk_path: 'generated_data/firmware_images/app-v1.0.1.bin',
        config_path: 'generated_data/latest_firmware.json',
        confirm_receipt: true,
        crc32: uploaded.crc32.toString(16).padStart(8, '0'),
      },
    })
  })

  test('is complete when every gator runs the image', async () => {
    const { end, events, executions } = await rollOut({}, [
      [10_000, pickedUp(4)],
      [11_000, pickedUp(5)],
      [20_000, running(4)],
      [21_000, running(5)],
      [22_000, running(6)],
      [1_000_000, running(7)],
    ])
    expect(end).toMatchObject({ update: FILE, status: 'COMPLETED', counts: { SUCCEEDED: 4, QUEUED: 0, IN_PROGRESS: 0 } })
    expect(events[1]).toEqual({ at: 0, type: 'rollout-started', rollout: 0, update: FILE, targets: 4 })
    const progress = events.filter((event) => event.type === 'rollout-progress')
    expect(progress.find(({ at }) => at === 15_000)?.counts).toMatchObject({ QUEUED: 2, IN_PROGRESS: 2 })
    expect(progress.find(({ at }) => at === 25_000)?.counts).toMatchObject({ QUEUED: 1, SUCCEEDED: 3 })
    expect(events.at(-1)).toMatchObject({ at: 1_000_000, type: 'rollout-finished', status: 'COMPLETED' })
    expect(executions).toEqual([4, 5, 6, 7].map((device) => [device, 'SUCCEEDED', 1]))
  })

  test('counts who does not run the image by the deadline as timed out, unless the last that it said was an error', async () => {
    const { end, events, executions } = await rollOut({ deadline: '30s' }, [
      [1_000, pickedUp(4)],
      [2_000, running(4)],
      [3_000, pickedUp(5)],
      [4_000, failed(5)],
      [5_000, pickedUp(6)],
      [5_000, { type: 'reported', device: 6, update: FILE, status: 'SUCCEEDED', accepted: true }],
      [6_000, running(7, '1.0.0')],
    ])
    expect(end).toMatchObject({ status: 'TIMED_OUT', counts: { SUCCEEDED: 1, TIMED_OUT: 2, FAILED: 1 } })
    expect(events.find((event) => event.type === 'rollout-progress' && event.at === 5_000)).toMatchObject({ counts: { FAILED: 1 } })
    expect(events.at(-1)).toMatchObject({ at: 30_000, type: 'rollout-finished', status: 'TIMED_OUT' })
    expect(executions).toEqual([
      [4, 'SUCCEEDED', 1],
      [5, 'FAILED', 1],
      [6, 'TIMED_OUT', 1],
      [7, 'TIMED_OUT', 1],
    ])
  })

  test('takes a second attempt after an error, and ends early when the others went silent for good', async () => {
    const { end, executions } = await rollOut({ deadline: '1h' }, [
      [1_000, pickedUp(4)],
      [2_000, failed(4)],
      [3_000, pickedUp(4)],
      [4_000, running(4)],
      [4_000, { type: 'bricked', device: 5, reason: 'boot' }],
      [5_000, pickedUp(6)],
      [6_000, { type: 'settled', device: 6 }],
      [7_000, pickedUp(7, 'another-v1.0.2.bin')],
      [8_000, { type: 'settled', device: 7 }],
      [9_000, running(7)],
    ])
    expect(end).toMatchObject({ status: 'COMPLETED', counts: { SUCCEEDED: 2, TIMED_OUT: 2 } })
    expect(executions).toEqual([
      [4, 'SUCCEEDED', 2],
      [5, 'TIMED_OUT', 1],
      [6, 'TIMED_OUT', 1],
      [7, 'SUCCEEDED', 1],
    ])
  })

  test('one that fails at every look has failed, though it is at it again when the deadline comes', async () => {
    const { end } = await rollOut({ deadline: '30s' }, [
      [1_000, pickedUp(4)],
      [2_000, failed(4)],
      [20_000, pickedUp(4)],
    ])
    expect(end).toMatchObject({ counts: { FAILED: 1, TIMED_OUT: 3 } })
  })

  test.each([
    ['when it has confirmed', [[5_000, { type: 'settled', device: 8 }]] as [number, Shown][], 5_000],
    ['after the time it may take, when it never does', [], 20_000],
    [
      'after that time, when it reports a failure',
      [
        [5_000, { type: 'reported', device: 8, update: FILE, status: 'FAILED', accepted: true }],
        [5_000, { type: 'settled', device: 8 }],
      ] as [number, Shown][],
      20_000,
    ],
    ['not by the receipt of another image', [[1_500, { type: 'settled', device: 9 }]] as [number, Shown][], 20_000],
  ])('with waitForReceipt, steps over a gateway %s', async (_, shown, at) => {
    const { published } = await rollOut({ gatewaysPerMinute: 60, waitForReceipt: '20s', deadline: '1m' }, [[1_000, pickedUp(8)], ...shown])
    expect(published.map((message) => message.at)).toEqual([0, at])
  })

  test('asks for a receipt or not, as the scenario says', async () => {
    const { published } = await rollOut({ confirmReceipt: false, deadline: '1s' }, [])
    expect(Buffer.from(published[0]!.input['payload'] as Uint8Array).toString()).toContain('"confirm_receipt":false')
  })

  test('takes no notice of other devices', async () => {
    const { end } = await rollOut(
      { deadline: '10s' },
      [0, 8, 9].map((device): [number, Shown] => [1_000, running(device)]),
    )
    expect(end).toMatchObject({ counts: { SUCCEEDED: 0, TIMED_OUT: 4 } })
  })

  test('that is stopped ends with what is known at that moment', async () => {
    const { end, published } = await rollOut({ gatewaysPerMinute: 1 }, [[1_000, pickedUp(4)]], 7_500)
    expect(end).toMatchObject({ status: 'IN_PROGRESS', counts: { IN_PROGRESS: 1, QUEUED: 3 } })
    expect(published).toHaveLength(1)
  })
})
