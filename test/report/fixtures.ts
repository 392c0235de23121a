import type { Event, ExecutionCounts } from '../../src/ports/events.ts'
import type { Fleet } from '../../src/ports/fleet.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { scenarioSchema } from '../../src/scenario/schema.ts'
import type { Threshold } from '../../src/report/threshold.ts'
import { Tally } from '../../src/report/tally.ts'

/** Four trackers (0-3), two gators (4-5) and their gateway (6). */
export const FLEET: Fleet = {
  size: 7,
  groups: [
    { name: 'trackers', kind: 'tracker', first: 0, count: 4 },
    { name: 'gators', kind: 'data-gator', first: 4, count: 2 },
    { name: 'gators-gateways', kind: 'scarecro-gateway', first: 6, count: 1 },
  ],
}

const IMAGE = { bytes: 1000, crc32: 0xcafe }

interface Options {
  readonly thresholds?: readonly Threshold[]
  readonly rollouts?: readonly object[]
  readonly faults?: readonly object[]
  readonly trackers?: number
}

export const JOB = { job: { targets: ['trackers'], image: 'app' } }
const GATOR_ROLLOUT = { firmwareImage: { targets: ['gators'], image: 'app' } }

export function scenario(options: Options = {}): Scenario {
  const file = scenarioSchema.parse({
    name: 'lab',
    description: 'A few devices.',
    seed: 42,
    fleet: {
      trackers: { kind: 'tracker', count: options.trackers ?? 4, firmware: '1.0.0' },
      gators: { kind: 'data-gator', count: 2, gateways: 1, firmware: '1.0.0' },
    },
    images: { app: { version: '1.0.1', size: '1kB' }, next: { version: '1.0.2', size: '2kB' } },
    rollouts: options.rollouts ?? [JOB, GATOR_ROLLOUT],
    faults: options.faults ?? [],
  })
  return { ...file, thresholds: options.thresholds ?? [], path: 'lab.yaml', text: '' }
}

export function counts(some: Partial<ExecutionCounts> = {}): ExecutionCounts {
  return { QUEUED: 0, IN_PROGRESS: 0, SUCCEEDED: 0, FAILED: 0, TIMED_OUT: 0, REJECTED: 0, REMOVED: 0, CANCELED: 0, ...some }
}

/** The tally of a lab in which both rollouts have started, at 1,000 ms, and then `events` happened. */
export function tallyOf(events: readonly Event[], options: Options = {}): Tally {
  const tally = new Tally(scenario(options), FLEET)
  for (const event of [...STARTED, ...events]) tally.add(event)
  return tally
}

const STARTED: readonly Event[] = [
  { at: 0, type: 'run-started', scenario: 'lab', seed: 42, devices: 7 },
  { at: 500, type: 'image-uploaded', image: 'app', version: '1.0.1', ...IMAGE },
  { at: 500, type: 'image-uploaded', image: 'next', version: '1.0.2', bytes: 2000, crc32: 0xbeef },
  { at: 1000, type: 'rollout-started', rollout: 0, update: 'job-1', targets: 4 },
  { at: 1000, type: 'rollout-started', rollout: 1, update: 'app.bin', targets: 2 },
]

export const pickedUp = (at: number, device: number, update = device < 4 ? 'job-1' : 'app.bin', ms?: number): Event => ({
  at,
  device,
  type: 'picked-up',
  update,
  ...(ms === undefined ? {} : { ms }),
})
export const flashed = (at: number, device: number, crc32 = IMAGE.crc32): Event => ({
  at,
  device,
  type: 'flashed',
  version: '1.0.1',
  bytes: IMAGE.bytes,
  crc32,
})
export const reported = (at: number, device: number, status: 'SUCCEEDED' | 'FAILED' | 'REJECTED', accepted = true, update?: string): Event => ({
  at,
  device,
  type: 'reported',
  update: update ?? (device < 4 ? 'job-1' : 'app.bin'),
  status,
  accepted,
})
export const running = (at: number, device: number, version = '1.0.1'): Event => ({ at, device, type: 'running', version })
export const execution = (device: number, status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'CANCELED' | 'QUEUED', rollout = 0): Event => ({
  at: 9000,
  type: 'execution',
  rollout,
  device,
  status,
  attempts: 1,
})
export const settled = (at: number, device: number): Event => ({ at, device, type: 'settled' })
