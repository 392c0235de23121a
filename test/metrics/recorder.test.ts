import { describe, expect, test } from 'vitest'
import type { MetricKey } from '../../src/metrics/catalogue.ts'
import type { MetricsContext } from '../../src/metrics/labels.ts'
import { Recorder } from '../../src/metrics/recorder.ts'
import { Slots } from '../../src/metrics/slots.ts'
import type { DeviceEvent, Event } from '../../src/ports/events.ts'

const context: MetricsContext = {
  groups: [
    { name: 'trackers', count: 3 },
    { name: 'gators', count: 2 },
  ],
  faults: ['hang', 'corrupt-image', 'hang'],
  rollouts: ['app'],
  thresholds: [],
  workers: 1,
}
const layout = new Slots(context)

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
type Happening = DistributiveOmit<DeviceEvent, 'device' | 'at'>

const uploaded: Event = { type: 'image-uploaded', at: 0, image: 'app', version: '1.0.1', bytes: 1000, crc32: 0xcafe }
const booted: Happening = { type: 'booted', boots: 1, version: '1.0.0' }
const connected: Happening = { type: 'connected', ms: 120 }
const disconnected: Happening = { type: 'disconnected', reason: 'closed' }
const pickedUp: Happening = { type: 'picked-up', update: 'job-1' }
const settled: Happening = { type: 'settled' }
const flashed = (crc32: number): Happening => ({ type: 'flashed', version: '1.0.1', bytes: 1000, crc32 })
const succeeded: Happening = { type: 'reported', update: 'job-1', status: 'SUCCEEDED', accepted: true }

/** Folds what happened to device 0, a second apart, and returns the nonzero series as `labels → value` of each metric. */
function fold(happenings: readonly Happening[], device = 0) {
  const buffer = layout.allocate()
  const recorder = new Recorder(buffer, context)
  recorder.event(uploaded)
  for (const [second, happening] of happenings.entries()) recorder.event({ ...happening, device, at: second * 1000 } as DeviceEvent)
  return read(buffer)
}

function read(buffer: SharedArrayBuffer) {
  const slots = new Float64Array(buffer)
  return (key: MetricKey): Record<string, number> => {
    const block = layout.blocks[key]
    const values = block.series.map((labels, series) => [Object.values(labels).join(' '), slots[block.base + series * block.width]!] as const)
    return Object.fromEntries(values.filter(([, value]) => value !== 0))
  }
}

describe('the state of a device', () => {
  test.each<[string, readonly Happening[], string]>([
    ['a program started', [booted], 'disconnected'],
    ['it connected', [booted, connected], 'connected'],
    ['the link was lost', [booted, connected, disconnected], 'disconnected'],
    ['it learned of an update', [booted, connected, pickedUp], 'updating'],
    ['it reboots into the new image', [booted, connected, pickedUp, disconnected, booted], 'updating'],
    ['it is done with the update', [booted, connected, pickedUp, succeeded, settled], 'connected'],
    ['it died', [booted, connected, pickedUp, { type: 'bricked', reason: 'never came up' }], 'bricked'],
    ['it died and its connection went after it', [booted, connected, { type: 'bricked', reason: 'boot' }, disconnected], 'bricked'],
    ['a second update after the first', [booted, connected, pickedUp, settled, pickedUp], 'updating'],
  ])('%s: %s', (_, happenings, state) => {
    expect(fold(happenings)('devices')).toEqual({ [`trackers ${state}`]: 1 })
  })

  test('a device that says the same thing twice counts once', () => {
    expect(fold([booted, connected, connected, pickedUp, settled, settled])('settledDevices')).toEqual({ trackers: 1 })
  })
})

describe('counts', () => {
  test.each<[string, readonly Happening[], MetricKey, Record<string, number>]>([
    ['boots', [booted, booted], 'boots', { trackers: 2 }],
    ['connects by result', [connected, { type: 'connect-failed', reason: 'refused' }], 'connects', { 'trackers ok': 1, 'trackers failed': 1 }],
    ['lost connections', [connected, disconnected], 'disconnects', { trackers: 1 }],
    ['phases', [{ type: 'phase', phase: 'self-test' }], 'phases', { 'trackers self-test': 1 }],
    ['how long an update waited', [{ type: 'picked-up', update: 'job-1', ms: 50 }], 'pickupDuration', { trackers: 1 }],
    ['retries', [{ type: 'downloaded', bytes: 1000, ms: 500, retries: 3 }], 'downloadRetries', { trackers: 3 }],
    [
      'bytes of failed downloads too',
      [
        { type: 'downloaded', bytes: 1000, ms: 500, retries: 0 },
        { type: 'download-failed', bytes: 200, reason: 'reset' },
      ],
      'downloadBytes',
      { trackers: 1200 },
    ],
    ['downloads by result', [{ type: 'download-failed', bytes: 0, reason: 'reset' }], 'downloads', { 'trackers failed': 1 }],
    ['images with the right bytes', [flashed(0xcafe)], 'flashed', { 'trackers right': 1 }],
    ['images with wrong bytes', [flashed(0xbad)], 'flashed', { 'trackers wrong': 1 }],
    ['images of a version that nobody uploaded', [{ type: 'flashed', version: '9.9.9', bytes: 1, crc32: 1 }], 'flashed', { 'trackers unknown': 1 }],
    ['roll-backs', [{ type: 'rolled-back', from: '1.0.1', to: '1.0.0' }], 'rolledBack', { trackers: 1 }],
    [
      'accepted and refused reports',
      [succeeded, { ...succeeded, accepted: false }] as Happening[],
      'reports',
      { 'trackers SUCCEEDED true': 1, 'trackers SUCCEEDED false': 1 },
    ],
    ['faults by kind, whichever entry of the scenario they are', [fault(0), fault(2), fault(1)], 'faults', { hang: 2, 'corrupt-image': 1 }],
    [
      'failures by stage and kind of reason',
      [
        { type: 'connect-failed', reason: 'refused' },
        { type: 'download-failed', reason: 'fragment timed out', bytes: 0 },
        { type: 'reported', update: 'job-1', status: 'FAILED', accepted: true, reason: 'CRC mismatch' },
        { type: 'reported', update: 'job-1', status: 'REJECTED', accepted: true, reason: 'the moon is full' },
        { type: 'bricked', reason: 'never booted' },
      ],
      'deviceFailures',
      {
        'trackers connect refused': 1,
        'trackers download timeout': 1,
        'trackers report corrupt-image': 1,
        'trackers report other': 1,
        'trackers brick boot': 1,
      },
    ],
  ])('%s', (_, happenings, key, expected) => {
    expect(fold(happenings)(key)).toEqual(expected)
  })

  test('a device of the second group counts there', () => {
    expect(fold([connected], 4)('connects')).toEqual({ 'gators ok': 1 })
  })
})

describe('harm', () => {
  test.each<[string, readonly Happening[], Record<string, number>]>([
    ['success over wrong bytes', [flashed(0xbad), succeeded], { 'trackers wrong_image': 1 }],
    ['success over right bytes', [flashed(0xcafe), succeeded], {}],
    ['wrong bytes that were never reported as success', [flashed(0xbad), { ...succeeded, status: 'FAILED' } as Happening], {}],
    ['wrong bytes, then right ones', [flashed(0xbad), flashed(0xcafe), succeeded], {}],
    ['a report that the cloud refused', [flashed(0xbad), { ...succeeded, accepted: false } as Happening], {}],
    [
      'back on the old image, twice',
      [
        { type: 'rolled-back', from: '1.0.1', to: '1.0.0' },
        { type: 'rolled-back', from: '1.0.1', to: '1.0.0' },
      ],
      { 'trackers rolled_back': 1 },
    ],
    ['bricked', [{ type: 'bricked', reason: 'power' }], { 'trackers bricked': 1 }],
    [
      'a lie, and the roll-back that shows it: one device, two harms',
      [flashed(0xbad), succeeded, { type: 'rolled-back', from: '1.0.1', to: '1.0.0' }],
      { 'trackers wrong_image': 1, 'trackers rolled_back': 1 },
    ],
  ])('%s', (_, happenings, expected) => {
    const value = fold(happenings)
    expect(value('harms')).toEqual(expected)
    expect(value('hurtDevices')).toEqual(Object.keys(expected).length > 0 ? { trackers: 1 } : {})
  })
})

describe('the time of a job', () => {
  const duration = (happenings: readonly Happening[]) => {
    const buffer = layout.allocate()
    const recorder = new Recorder(buffer, context)
    for (const [second, happening] of happenings.entries()) recorder.event({ ...happening, device: 0, at: second * 1000 } as DeviceEvent)
    const { base, width } = layout.blocks.jobDuration
    const slots = new Float64Array(buffer, base * 8, width)
    return { count: slots.slice(0, -1).reduce((sum, count) => sum + count, 0), seconds: slots.at(-1) }
  }

  test('runs from learning of the update to the accepted terminal report', () => {
    expect(duration([pickedUp, connected, connected, succeeded])).toEqual({ count: 1, seconds: 3 })
  })

  test.each<[string, readonly Happening[]]>([
    ['a report without an update', [connected, succeeded]],
    ['a refused report', [pickedUp, { ...succeeded, accepted: false } as Happening]],
    ['a report of progress', [pickedUp, { ...succeeded, status: 'IN_PROGRESS' } as Happening]],
  ])('is not taken from %s', (_, happenings) => {
    expect(duration(happenings).count).toBe(0)
  })

  test('a repeated report counts once', () => {
    expect(duration([pickedUp, succeeded, succeeded])).toEqual({ count: 1, seconds: 1 })
  })
})

test('messages and requests', () => {
  const buffer = layout.allocate()
  const recorder = new Recorder(buffer, context)
  recorder.mqtt('in', 100)
  recorder.mqtt('out', 20)
  recorder.mqtt('out', 30)
  for (const result of ['200', '206', '404', 'timeout', 'gremlins']) recorder.http(result, 10)
  const value = read(buffer)
  expect(value('mqttMessages')).toEqual({ in: 1, out: 2 })
  expect(value('mqttBytes')).toEqual({ in: 100, out: 50 })
  expect(value('httpRequests')).toEqual({ '2xx': 2, '4xx': 1, timeout: 1, other: 1 })
  expect(value('httpBytes')).toEqual({ '': 50 })
})

function fault(index: number): Happening {
  return { type: 'fault', fault: index, name: context.faults[index]! }
}
