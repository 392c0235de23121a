import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { VirtualClock } from '../../src/clock/virtual.ts'
import type { Network } from '../../src/devices/modem.ts'
import type { DeviceEvent } from '../../src/ports/events.ts'
import { planRun, shard, type ShardRange } from '../../src/run/plan.ts'
import { openPlugins } from '../../src/run/plugins.ts'
import { type KnownDevice, type ShardSpec, startShard } from '../../src/run/shard.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { MemoryLan } from '../../src/transport/lan.ts'
import { MemoryHttpTransport } from '../../src/transport/memory-http.ts'
import { FakeCloud } from '../devices/fake-cloud.ts'
import { gators, scenarioOf, trackers } from './fixture.ts'

const START = Date.UTC(2026, 0, 1)
const IMAGE = Uint8Array.of(1, 2, 3)
const PUBLISHED = { version: '1.0.1', bytes: IMAGE.length, crc32: crc32(IMAGE) }

/** Runs some ranges of a scenario for `seconds`, over a cloud that lets everybody connect and says nothing. */
async function play(scenario: Scenario, ranges: readonly ShardRange[], seconds: number, restart?: ShardSpec['restart']): Promise<DeviceEvent[]> {
  const { fleet, faults } = planRun(scenario)
  const clock = new VirtualClock(START)
  const cloud = new FakeCloud(clock, START)
  const lan = new MemoryLan()
  const network: Network = { clock, speed: 1, mqtt: cloud, http: new MemoryHttpTransport((request) => lan.answer(request)) }
  const events: DeviceEvent[] = []
  const emit = (event: unknown) => events.push(event as DeviceEvent)
  const spec: ShardSpec = { scenario, fleet, ranges, faults, published: [PUBLISHED], startMs: START, ...(restart ? { restart } : {}) }
  const started = startShard(spec, { network, lan, emit, onDropped() {}, plugins: await openPlugins(scenario) })
  expect(started.devices).toBe(
    ranges.reduce((sum, { count }) => sum + count, 0) - [...(restart?.devices.values() ?? [])].filter(({ gone }) => gone).length,
  )
  let isOver = false
  clock.wake(START + seconds * 1000, { wake: () => (isOver = true) }, 0)
  const end = clock.actor(async () => clock.sleep(seconds * 1000))
  await clock.run(() => isOver)
  await end
  started.stop()
  return events
}

const whole = (scenario: Scenario): ShardRange[] => planRun(scenario).fleet.groups.map(({ name, first, count }) => ({ group: name, first, count }))

/** `device second type` of some events, in the order of the devices. */
const lines = (events: readonly DeviceEvent[], ...types: DeviceEvent['type'][]): string[] =>
  events
    .filter(({ type }) => types.includes(type))
    .toSorted((a, b) => a.device - b.device || a.at - b.at)
    .map(({ device, at, type }) => `${device} ${Number((at / 1000).toFixed(3))} ${type}`)

describe('the devices of a shard', () => {
  test('first connections are spread evenly over the time of the group', async () => {
    const scenario = scenarioOf({
      a: trackers(4, { connect: { over: '40s' } }),
      g: gators(2, 1, { connect: { over: '10s' }, gateway: { connect: { over: '1s' } } }),
    })
    expect(lines(await play(scenario, whole(scenario), 60), 'booted')).toEqual([
      '0 0 booted',
      '1 10 booted',
      '2 20 booted',
      '3 30 booted',
      '4 0 booted',
      '5 0 booted',
      '6 5 booted',
    ])
  })

  test('what a device does and draws is the same in any shard', async () => {
    const scenario = scenarioOf(
      { t: trackers(23, { link: 'nb-iot', connect: { over: '5m' } }), g: gators(20, 7, { tick: '10s', otaPeriod: 3, connect: { over: '30s' } }) },
      [
        { devices: '30% of t', do: 'late-start', by: '100s' },
        { devices: '5 of g', during: 'connect', do: 'power-loss', off: '7s' },
        { devices: '3 of g-gateways', during: 'connect', do: 'lost-connection' },
      ],
    )
    const events = await play(scenario, whole(scenario), 600)
    const byDevice = (some: readonly DeviceEvent[]) =>
      some.toSorted((a, b) => a.device - b.device || a.at - b.at).map((event) => JSON.stringify(event))
    for (const workers of [2, 5]) {
      const parts: DeviceEvent[] = []
      for (const ranges of shard(scenario, planRun(scenario).fleet, workers)) parts.push(...(await play(scenario, ranges, 600)))
      expect(byDevice(parts)).toEqual(byDevice(events))
    }
    expect(events.filter(({ type }) => type === 'fault')).toHaveLength(7 + 5 + 3)
  })

  test('each fault strikes whom the plan says', async () => {
    const scenario = scenarioOf({ t: trackers(50) }, [
      { devices: '7 of t', during: 'connect', do: 'power-loss' },
      { devices: '20% of t', do: 'late-start' },
    ])
    const events = await play(scenario, whole(scenario), 3000)
    const struck = events.flatMap((event) => (event.type === 'fault' ? [`${event.device} ${event.fault}`] : []))
    expect(struck.toSorted()).toEqual(
      planRun(scenario)
        .faults.map(({ device, fault }) => `${device} ${fault}`)
        .toSorted(),
    )
  })

  test('stop: nothing is heard of them any more', async () => {
    const scenario = scenarioOf({ t: trackers(3, { connect: { over: '1s' } }) })
    const clock = new VirtualClock(START)
    const cloud = new FakeCloud(clock, START)
    const { fleet, faults } = planRun(scenario)
    const events: unknown[] = []
    const network: Network = { clock, speed: 1, mqtt: cloud, http: new MemoryHttpTransport(() => undefined) }
    const spec = { scenario, fleet, ranges: whole(scenario), faults, published: [], startMs: START }
    const plugins = await openPlugins(scenario)
    const started = startShard(spec, { network, lan: new MemoryLan(), emit: (event) => events.push(event), onDropped() {}, plugins })
    started.stop()
    await clock.run(() => false)
    expect([events, cloud.lines]).toEqual([[], []])
  })
})

describe('after a worker was lost', () => {
  const scenario = scenarioOf({ t: trackers(5, { connect: { over: '50s' }, link: 'ethernet' }) })
  const device = (fields: Partial<KnownDevice>): KnownDevice => ({ boots: 1, busy: false, gone: false, ...fields })

  test('its devices come back at once with the flash that is known of them; those that had not started come in their time', async () => {
    const devices = new Map<number, KnownDevice>([
      [0, device({ boots: 3, running: PUBLISHED })],
      [1, device({ pending: PUBLISHED, busy: true })],
      [2, device({ gone: true, pending: PUBLISHED })],
      [3, device({})],
    ])
    const events = await play(scenario, whole(scenario), 100, { devices, atMs: START + 35_000 })
    expect(lines(events, 'booted')).toEqual(['0 35 booted', '1 35 booted', '3 35 booted', '4 40 booted'])
    expect(events.flatMap((event) => (event.type === 'booted' ? [`${event.device} ${event.boots}`] : [])).toSorted()).toEqual([
      '0 4',
      '1 2',
      '3 2',
      '4 1',
    ])
    expect(events.flatMap((event) => (event.type === 'running' ? [`${event.device} ${event.version}`] : [])).toSorted()).toEqual([
      '0 1.0.1',
      '1 1.0.1',
      '3 1.0.0',
      '4 1.0.0',
    ])
  })
})
