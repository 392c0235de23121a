import type { Event, ExecutionCounts, ExecutionStatus } from '../../src/ports/events.ts'
import type { Fleet } from '../../src/ports/fleet.ts'
import type { LiveFacts } from '../../src/report/live-state.ts'
import type { RunFacts } from '../../src/report/summary.ts'
import { rateOfStep } from '../../src/report/staircase.ts'
import { Tally } from '../../src/report/tally.ts'
import type { Threshold } from '../../src/report/threshold.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { scenarioSchema } from '../../src/scenario/schema.ts'
import { counts } from './fixtures.ts'

/** A run as it could have been: 800 trackers by an exponential job, 200 gators by their gateways, some bad apples. Always the same. */

const TRACKERS = 800
const GATORS = 200
const SECOND = 1000
const ROLLOUT = {
  maximumPerMinute: 1000,
  exponentialRate: { baseRatePerMinute: 20, incrementFactor: 1.5, rateIncreaseCriteria: { numberOfSucceededThings: 50 } },
}

const FLEET: Fleet = {
  size: TRACKERS + GATORS + 10,
  groups: [
    { name: 'trackers', kind: 'tracker', first: 0, count: TRACKERS },
    { name: 'gators', kind: 'data-gator', first: TRACKERS, count: GATORS },
    { name: 'gators-gateways', kind: 'scarecro-gateway', first: TRACKERS + GATORS, count: 10 },
  ],
}

const THRESHOLDS: readonly Threshold[] = [
  { text: 'succeeded >= 93%', measure: 'succeeded', unit: 'share', comparator: '>=', value: 0.93 },
  { text: 'time_to(90%) < 30m', measure: 'time_to', share: 0.9, comparator: '<', value: 1_800_000 },
  { text: 'p95(download) < 2m', measure: 'download', percentile: 95, comparator: '<', value: 120_000 },
  { text: 'wrong_image == 0', measure: 'wrong_image', unit: 'count', comparator: '==', value: 0 },
]

function fakeScenario(): Scenario {
  const file = scenarioSchema.parse({
    name: 'exponential',
    description: 'A build with a few bad apples, rolled out exponentially to a mixed fleet.',
    seed: 42,
    fleet: {
      trackers: { kind: 'tracker', count: TRACKERS, firmware: '1.0.0', link: 'lte-m' },
      gators: { kind: 'data-gator', count: GATORS, gateways: 10, firmware: '1.0.0' },
    },
    images: { app: { version: '1.0.1', size: '240KiB' } },
    rollouts: [
      {
        job: {
          targets: ['trackers'],
          image: 'app',
          jobExecutionsRolloutConfig: ROLLOUT,
          abortConfig: { criteriaList: [{ failureType: 'FAILED', action: 'CANCEL', thresholdPercentage: 20, minNumberOfExecutedThings: 100 }] },
        },
      },
      { firmwareImage: { targets: ['gators'], image: 'app' } },
    ],
    faults: [{ devices: '3% of trackers', during: 'download', do: 'corrupt-image' }],
  })
  return { ...file, thresholds: THRESHOLDS, path: 'scenarios/exponential.yaml', text: '' }
}

/** The tally of the run until `untilMs`. */
export function fakeTally(untilMs = Infinity): Tally {
  const tally = new Tally(fakeScenario(), FLEET)
  for (const event of fakeEvents()) if (event.at <= untilMs) tally.add(event)
  return tally
}

export const LIVE_FACTS: LiveFacts = {
  fleetsim: '0.1.0',
  runId: '7f3c',
  places: ['embedded cloud http://127.0.0.1:4610', 'metrics :9464'],
  speed: 60,
  wallMs: 9400,
  workers: [
    { worker: 0, lagP99Ms: 6.1, lagMaxMs: 18, slipP99Ms: 4.2, slipMaxMs: 21, dropped: 0, utilization: 0.41, devices: 505 },
    { worker: 1, lagP99Ms: 5.3, lagMaxMs: 15, slipP99Ms: 3.9, slipMaxMs: 19, dropped: 0, utilization: 0.38, devices: 505 },
  ],
}

export const RUN_FACTS: RunFacts = {
  id: '7f3c',
  fleetsim: '0.1.0',
  world: 'sockets',
  speed: 60,
  command: 'fleetsim run scenarios/exponential.yaml --seed 42',
  directory: 'runs/2026-11-20T12-01-03-exponential',
  startedAt: '2026-11-20T12:01:03.000Z',
  wallSeconds: 31.4,
  workers: LIVE_FACTS.workers,
  journalSha256: 'c0ffee'.repeat(11).slice(0, 64),
}

/** In order of time. */
function fakeEvents(): Event[] {
  const random = randomNumbers(7)
  const events: Event[] = [
    { at: 0, type: 'run-started', scenario: 'exponential', seed: 42, devices: FLEET.size },
    { at: 800, type: 'image-uploaded', image: 'app', version: '1.0.1', bytes: 245_760, crc32: 1 },
  ]
  for (let device = 0; device < FLEET.size; device++) {
    const at = random() * 60 * SECOND
    events.push({ at, device, type: 'booted', boots: 1, version: '1.0.0' })
    events.push({ at: at + 150, device, type: 'connected', ms: 90 + 300 * random() ** 3 })
  }
  trackerRollout(events, random)
  gatorRollout(events, random)
  const at = Math.max(...events.map((event) => event.at)) + SECOND
  events.push({ at, type: 'cloud-removed', resources: 1013 }, { at, type: 'run-finished', reason: 'completed' })
  return events.toSorted((a, b) => a.at - b.at)
}

function trackerRollout(events: Event[], random: () => number): void {
  const startedAt = 61 * SECOND
  events.push({ at: startedAt, type: 'rollout-started', rollout: 0, update: 'fleetsim-7f3c-0', targets: TRACKERS })
  const status = Array.from<ExecutionStatus | undefined>({ length: TRACKERS })
  const doneAt = Array.from<number>({ length: TRACKERS })
  let next = 0
  let credit = 0
  let step = 0
  let at = startedAt
  for (; next < TRACKERS || doneAt.some((done) => done > at); at += SECOND) {
    const succeeded = status.filter((state, device) => state === 'SUCCEEDED' && doneAt[device]! <= at).length
    step = Math.max(step, Math.floor(succeeded / 50))
    for (credit += rateOfStep(ROLLOUT, step) / 60; credit >= 1 && next < TRACKERS; credit -= 1) {
      ;[status[next], doneAt[next]] = trackerUpdate(events, random, next, at)
      next += 1
    }
    if ((at - startedAt) % (10 * SECOND) === 0)
      events.push({ at, type: 'rollout-progress', rollout: 0, status: 'IN_PROGRESS', counts: countsAt(status, doneAt, at) })
  }
  events.push({ at, type: 'rollout-finished', rollout: 0, status: 'COMPLETED', counts: countsAt(status, doneAt, at) })
  status.forEach((state, device) => events.push({ at, type: 'execution', rollout: 0, device, status: state!, attempts: 1 }))
}

function trackerUpdate(events: Event[], random: () => number, device: number, notifiedAt: number): [ExecutionStatus, number] {
  const update = 'fleetsim-7f3c-0'
  const pickedUpAt = notifiedAt + 120 + 900 * random()
  const downloadMs = 12_000 + 30_000 * random() + (random() < 0.04 ? 90_000 : 0)
  events.push({ at: pickedUpAt, device, type: 'picked-up', update, ms: pickedUpAt - notifiedAt })
  const at = pickedUpAt + downloadMs
  const luck = random()
  const report = (status: ExecutionStatus, reason?: string): [ExecutionStatus, number] => {
    events.push({ at: at + 5000, device, type: 'reported', update, status, accepted: true, ...(reason ? { reason } : {}) })
    events.push({ at: at + 25_000, device, type: 'settled' })
    return [status, at + 5000]
  }
  if (luck < 0.03) {
    events.push({ at: pickedUpAt + 500, device, type: 'fault', fault: 0, name: 'corrupt-image' })
    if (luck >= 0.01) return report('FAILED', 'image check failed: crc32 differs')
    events.push({ at, device, type: 'flashed', version: '1.0.1', bytes: 245_760, crc32: 2 })
    events.push({ at: at + 24_000, device, type: 'rolled-back', from: '1.0.1', to: '1.0.0' })
    return report('SUCCEEDED')
  }
  if (luck < 0.045) {
    events.push({ at, device, type: 'download-failed', reason: 'connection reset three times', bytes: 90_000 })
    return report('FAILED', 'download failed')
  }
  if (luck < 0.052) return report('REJECTED', 'battery low')
  events.push({ at, device, type: 'downloaded', bytes: 245_760, ms: downloadMs, retries: random() < 0.1 ? 1 : 0 })
  events.push({ at, device, type: 'flashed', version: '1.0.1', bytes: 245_760, crc32: 1 })
  events.push({ at: at + 23_000, device, type: 'connected', ms: 90 + 300 * random() ** 3 })
  events.push({ at: at + 24_000, device, type: 'running', version: '1.0.1' })
  return report('SUCCEEDED')
}

function gatorRollout(events: Event[], random: () => number): void {
  const startedAt = 62 * SECOND
  const endsAt = 22 * 60 * SECOND
  events.push({ at: startedAt, type: 'rollout-started', rollout: 1, update: 'app-1.0.1.bin', targets: GATORS })
  const status = Array.from({ length: GATORS }, (): ExecutionStatus => 'TIMED_OUT')
  const doneAt = Array.from({ length: GATORS }, () => endsAt)
  for (let device = TRACKERS + GATORS; device < FLEET.size; device++) {
    events.push({ at: startedAt + 1000, device, type: 'picked-up', update: 'app-1.0.1.bin', ms: 1000 })
    events.push({ at: startedAt + 4000, device, type: 'settled' })
  }
  for (let gator = 0; gator < GATORS; gator++) {
    const device = TRACKERS + gator
    const at = startedAt + (0.05 + 0.9 * random()) * (endsAt - startedAt - 60_000)
    events.push({ at, device, type: 'picked-up', update: 'app-1.0.1.bin', ms: at - startedAt })
    if (random() < 0.03) continue
    const downloadMs = 2000 + 6000 * random()
    events.push({ at: at + downloadMs, device, type: 'downloaded', bytes: 245_760, ms: downloadMs, retries: 0 })
    events.push({ at: at + downloadMs, device, type: 'flashed', version: '1.0.1', bytes: 245_760, crc32: 1 })
    events.push({ at: at + downloadMs + 9000, device, type: 'running', version: '1.0.1' })
    events.push({ at: at + downloadMs + 9000, device, type: 'settled' })
    status[gator] = 'SUCCEEDED'
    doneAt[gator] = at + downloadMs + 9000
  }
  for (let at = startedAt; at < endsAt; at += 15 * SECOND) {
    events.push({ at, type: 'rollout-progress', rollout: 1, status: 'IN_PROGRESS', counts: countsAt(status, doneAt, at) })
  }
  events.push({ at: endsAt, type: 'rollout-finished', rollout: 1, status: 'COMPLETED', counts: countsAt(status, doneAt, endsAt) })
}

function countsAt(status: readonly (ExecutionStatus | undefined)[], doneAt: readonly number[], at: number): ExecutionCounts {
  const now: Record<ExecutionStatus, number> = { ...counts() }
  status.forEach((state, device) => {
    if (state !== undefined) now[doneAt[device]! <= at ? state : 'IN_PROGRESS'] += 1
  })
  return now
}

/** Park and Miller's generator: enough for a picture. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}
