import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/ports/events.ts'
import { HARMS, STANDINGS, type OutcomeCounts } from '../../src/report/outcomes.ts'
import { counts, execution, FLEET, flashed, JOB, pickedUp, reported, running, scenario, settled, tallyOf } from './fixtures.ts'
import { Tally } from '../../src/report/tally.ts'

const WRONG = 0xdead
const gatorsFinished: Event = { at: 8000, type: 'rollout-finished', rollout: 1, status: 'COMPLETED', counts: counts() }

interface Row {
  readonly that: string
  readonly events: readonly Event[]
  readonly group: 'trackers' | 'gators'
  /** What is not 0; the rest of the targets were never notified. */
  readonly counts: Partial<OutcomeCounts>
}

const rows: readonly Row[] = [
  { that: 'a target without any event was never notified', events: [], group: 'trackers', counts: {} },
  { that: 'who picked the job up is at work', events: [pickedUp(2000, 0)], group: 'trackers', counts: { in_progress: 1 } },
  {
    that: 'a report that the cloud took decides while the run lasts',
    events: [pickedUp(2000, 0), reported(3000, 0, 'SUCCEEDED'), pickedUp(2000, 1), reported(3000, 1, 'REJECTED')],
    group: 'trackers',
    counts: { succeeded: 1, rejected: 1 },
  },
  {
    that: 'a report that the cloud refused changes nothing',
    events: [pickedUp(2000, 0), reported(3000, 0, 'SUCCEEDED', false)],
    group: 'trackers',
    counts: { in_progress: 1 },
  },
  {
    that: 'the executions have the last word',
    events: [pickedUp(2000, 0), reported(3000, 0, 'SUCCEEDED', false), execution(0, 'TIMED_OUT'), execution(1, 'CANCELED'), execution(2, 'QUEUED')],
    group: 'trackers',
    counts: { timed_out: 1, canceled: 1, queued: 1 },
  },
  {
    that: 'a retry that works is a success',
    events: [pickedUp(2000, 0), reported(3000, 0, 'FAILED'), pickedUp(4000, 0), reported(5000, 0, 'SUCCEEDED')],
    group: 'trackers',
    counts: { succeeded: 1 },
  },
  {
    that: 'success over wrong bytes is a success with a wrong image',
    events: [pickedUp(2000, 0), flashed(2500, 0, WRONG), reported(3000, 0, 'SUCCEEDED')],
    group: 'trackers',
    counts: { succeeded: 1, wrong_image: 1, hurt: 1 },
  },
  {
    that: 'wrong bytes that come after the report count as well',
    events: [pickedUp(2000, 0), reported(3000, 0, 'SUCCEEDED'), flashed(3100, 0, WRONG)],
    group: 'trackers',
    counts: { succeeded: 1, wrong_image: 1, hurt: 1 },
  },
  {
    that: 'wrong bytes that the device noticed hurt nobody',
    events: [pickedUp(2000, 0), flashed(2500, 0, WRONG), reported(3000, 0, 'FAILED')],
    group: 'trackers',
    counts: { failed: 1 },
  },
  {
    that: 'a report that the cloud refused claims nothing',
    events: [pickedUp(2000, 0), flashed(2500, 0, WRONG), reported(3000, 0, 'SUCCEEDED', false)],
    group: 'trackers',
    counts: { in_progress: 1 },
  },
  {
    that: 'the last image counts: the right one heals the wrong one',
    events: [pickedUp(2000, 0), flashed(2500, 0, WRONG), reported(3000, 0, 'SUCCEEDED'), flashed(4000, 0)],
    group: 'trackers',
    counts: { succeeded: 1 },
  },
  {
    that: 'a device that is hurt in two ways is hurt once',
    events: [
      pickedUp(2000, 0),
      flashed(2500, 0, WRONG),
      reported(3000, 0, 'SUCCEEDED'),
      { at: 4000, device: 0, type: 'rolled-back', from: '1.0.1', to: '1.0.0' },
      { at: 5000, device: 1, type: 'bricked', reason: 'boot loader' },
      { at: 5000, device: 1, type: 'bricked', reason: 'boot loader' },
    ],
    group: 'trackers',
    counts: { succeeded: 1, wrong_image: 1, rolled_back: 1, bricked: 1, hurt: 2 },
  },
  { that: 'a gator that runs the image succeeded', events: [pickedUp(2000, 4), running(3000, 4)], group: 'gators', counts: { succeeded: 1 } },
  { that: 'the old version proves nothing', events: [pickedUp(2000, 4), running(3000, 4, '1.0.0')], group: 'gators', counts: { in_progress: 1 } },
  {
    that: 'a gator that failed first and runs the image in the end succeeded',
    events: [pickedUp(2000, 4), reported(2500, 4, 'FAILED'), pickedUp(2600, 4), running(3000, 4), gatorsFinished],
    group: 'gators',
    counts: { succeeded: 1 },
  },
  {
    that: 'a gator that failed and tries again is still failed at the end',
    events: [pickedUp(2000, 4), reported(2500, 4, 'FAILED'), pickedUp(2600, 4), gatorsFinished],
    group: 'gators',
    counts: { failed: 1 },
  },
  {
    that: 'at the end of the rollout who picked up and got nowhere timed out, and a late success changes nothing',
    events: [pickedUp(2000, 4), gatorsFinished, running(8500, 4), pickedUp(8500, 5)],
    group: 'gators',
    counts: { timed_out: 2 },
  },
  {
    that: 'a gator that runs an image with other bytes has the wrong one',
    events: [pickedUp(2000, 4), flashed(2500, 4, WRONG), running(3000, 4)],
    group: 'gators',
    counts: { succeeded: 1, wrong_image: 1, hurt: 1 },
  },
  {
    that: 'a gator that went back to the old image did not succeed',
    events: [
      pickedUp(2000, 4),
      flashed(2500, 4),
      running(3000, 4),
      { at: 4000, device: 4, type: 'rolled-back', from: '1.0.1', to: '1.0.0' },
      gatorsFinished,
    ],
    group: 'gators',
    counts: { timed_out: 1, rolled_back: 1, hurt: 1 },
  },
  {
    that: 'an update that a gator names in its own way belongs to its rollout',
    events: [pickedUp(2000, 4, '1.0.1'), reported(2500, 4, 'FAILED', true, '1.0.1')],
    group: 'gators',
    counts: { failed: 1 },
  },
  { that: 'an unknown job is nobody’s', events: [pickedUp(2000, 0, 'another-job')], group: 'trackers', counts: {} },
]

describe('outcomes', () => {
  test.each(rows)('$that', ({ events, group, counts: expected }) => {
    const tally = tallyOf(events)
    const targets = group === 'trackers' ? 4 : 2
    const zero = Object.fromEntries([...STANDINGS, ...HARMS, 'hurt'].map((name) => [name, 0]))
    const notified = STANDINGS.reduce((sum, standing) => sum + (expected[standing] ?? 0), 0)
    expect(tally.outcomes(group)).toEqual({ ...zero, targets, not_notified: targets - notified, ...expected })
    // The other group is untouched, so that all is the sum.
    expect(tally.outcomes().succeeded).toBe(expected.succeeded ?? 0)
    expect(tally.outcomes().targets).toBe(6)
  })

  test('gateways are no targets', () => {
    const tally = tallyOf([pickedUp(2000, 6, 'app.bin'), { at: 3000, device: 6, type: 'bricked', reason: 'x' }])
    expect(tally.outcomes('gators-gateways').targets).toBe(0)
    expect(tally.measure('hurt')).toEqual({ count: 0, of: 6 })
    expect(tally.unsettled()).toBe(0)
  })

  test('the rollout that started last decides, and what belongs to an earlier one changes nothing', () => {
    const rollouts = [JOB, { job: { targets: ['trackers'], image: 'next' }, at: '1h' }]
    const tally = new Tally(scenario({ rollouts }), FLEET)
    const add = (...events: Event[]) => events.forEach((event) => tally.add(event))
    add({ at: 0, type: 'image-uploaded', image: 'app', version: '1.0.1', bytes: 1000, crc32: 0xcafe })
    add({ at: 0, type: 'image-uploaded', image: 'next', version: '1.0.2', bytes: 2000, crc32: 0xbeef })
    add({ at: 1000, type: 'rollout-started', rollout: 0, update: 'job-1', targets: 4 })
    add(pickedUp(2000, 0), flashed(2100, 0), reported(2500, 0, 'SUCCEEDED'))
    expect(tally.measure('succeeded')).toEqual({ count: 1, of: 4 })
    add({ at: 3000, type: 'rollout-started', rollout: 1, update: 'job-2', targets: 4 }, reported(3100, 1, 'SUCCEEDED'), execution(0, 'SUCCEEDED'))
    expect(tally.measure('succeeded')).toEqual({ count: 0, of: 4 })
    add(pickedUp(4000, 0, 'job-2'), { at: 4500, device: 0, type: 'flashed', version: '1.0.2', bytes: 2000, crc32: 0xbeef })
    add(reported(5000, 0, 'SUCCEEDED', true, 'job-2'))
    expect(tally.measure('succeeded')).toEqual({ count: 1, of: 4 })
    expect(tally.measure('wrong_image')).toEqual({ count: 0, of: 4 })
    expect(tally.timeTo(0.25)).toBe(4000)
  })
})

describe('timings', () => {
  test('a device that restarts within an update picks up once; the job ends with the report that the cloud took', () => {
    const events = [
      pickedUp(2000, 0, 'job-1', 700),
      pickedUp(2600, 0, 'job-1', 1300),
      reported(4000, 0, 'SUCCEEDED', false),
      reported(5000, 0, 'SUCCEEDED'),
    ]
    const tally = tallyOf(events)
    expect(tally.timing('pickup')).toMatchObject({ n: 1, min: 700, max: 700 })
    expect(tally.timing('job')).toMatchObject({ n: 1, min: 3000, max: 3000 })
  })

  test('time_to: from the start of the first rollout until that share had succeeded', () => {
    const events = [0, 1, 2].flatMap((device) => [pickedUp(2000, device), reported(7000 - 1000 * device, device, 'SUCCEEDED')])
    const tally = tallyOf(events)
    expect(tally.timeTo(0.25, 'trackers')).toBe(4000)
    expect(tally.timeTo(0.5, 'trackers')).toBe(5000)
    expect(tally.timeTo(0.51, 'trackers')).toBe(6000)
    expect(tally.timeTo(0.76, 'trackers')).toBeUndefined()
    expect(tally.timeTo(0.5)).toBe(6000)
    expect(tally.timeTo(0)).toBe(0)
  })

  test('a success that only the cloud saw is dated by the report that got no answer', () => {
    const tally = tallyOf([pickedUp(2000, 0), reported(3000, 0, 'SUCCEEDED', false), execution(0, 'SUCCEEDED'), execution(1, 'SUCCEEDED')])
    expect(tally.timeTo(0.25, 'trackers')).toBe(2000)
    expect(tally.timeTo(0.5, 'trackers')).toBe(8000)
  })

  test('duration: until every rollout has ended', () => {
    const end = (at: number, rollout: number): Event => ({ at, type: 'rollout-finished', rollout, status: 'COMPLETED', counts: counts() })
    expect(tallyOf([end(9000, 0)]).duration()).toBeUndefined()
    expect(tallyOf([end(9000, 0), end(7000, 1)]).duration()).toBe(8000)
  })
})

describe('who is still at work', () => {
  test('picked up and not settled; dead is settled, and settled twice is once', () => {
    const tally = tallyOf([pickedUp(2000, 0), pickedUp(2000, 1), pickedUp(2000, 4), pickedUp(2100, 0)])
    expect(tally.unsettled()).toBe(3)
    for (const event of [settled(3000, 0), settled(3000, 0), settled(3000, 2)]) tally.add(event)
    expect(tally.unsettled()).toBe(2)
    tally.add({ at: 4000, device: 1, type: 'bricked', reason: 'x' })
    tally.add(settled(4000, 1))
    expect(tally.unsettled()).toBe(1)
    tally.add(pickedUp(5000, 0))
    expect(tally.unsettled()).toBe(2)
  })

  test('a connection is lost once, however many events say so', () => {
    const on = (device: number): Event => ({ at: 100, device, type: 'connected', ms: 20 })
    const off = (device: number): Event => ({ at: 200, device, type: 'disconnected', reason: 'reset' })
    const tally = tallyOf([on(0), on(1), on(2), on(3), off(0), off(0), { at: 300, device: 1, type: 'booted', boots: 2, version: '1.0.1' }])
    expect(tally.traffic).toMatchObject({ online: 2, connects: 4, disconnects: 2 })
    tally.add({ at: 400, device: 2, type: 'bricked', reason: 'x' })
    expect(tally.traffic.online).toBe(1)
  })
})

describe('what else the events tell', () => {
  test('failures by reason, most frequent first, with the first devices that they happened to', () => {
    const failed = (device: number, reason: string): Event => ({ at: 2000, device, type: 'download-failed', reason, bytes: 10 })
    const tally = tallyOf([
      failed(0, 'reset'),
      failed(1, 'timeout'),
      failed(2, 'timeout'),
      failed(2, 'timeout'),
      reported(3000, 3, 'SUCCEEDED', false),
    ])
    expect(tally.failures.list()).toEqual([
      { kind: 'download', reason: 'timeout', count: 3, devices: [1, 2] },
      { kind: 'download', reason: 'reset', count: 1, devices: [0] },
      { kind: 'report', reason: 'SUCCEEDED was not accepted', count: 1, devices: [3] },
    ])
  })

  test('downloads, faults, warnings and lost workers', () => {
    const faults = [{ devices: '1 of trackers', do: 'corrupt-image' }]
    const tally = tallyOf(
      [
        { at: 2000, device: 0, type: 'downloaded', bytes: 1000, ms: 500, retries: 2 },
        { at: 2000, device: 6, type: 'downloaded', bytes: 1000, ms: 50, retries: 0 },
        { at: 2000, device: 0, type: 'fault', fault: 0, name: 'corrupt-image' },
        { at: 2000, type: 'warning', text: 'slow' },
        { at: 2000, type: 'worker-lost', worker: 2, devices: 5, reason: 'exit 1' },
        { at: 2500, type: 'run-finished', reason: 'time-limit' },
      ],
      { faults },
    )
    expect(tally.traffic).toMatchObject({ downloads: 2, downloadedBytes: 2000, downloadRetries: 2 })
    expect(tally.timing('download', 'trackers')).toMatchObject({ n: 1, max: 500 })
    expect(tally.timing('download')).toMatchObject({ n: 2, min: 50, max: 500 })
    expect([...tally.faultStrikes]).toEqual([1])
    expect(tally.warnings).toEqual(['slow', 'worker 2 was lost with 5 devices: exit 1'])
    expect(tally).toMatchObject({ lostDevices: 5, end: 'time-limit', now: 2500 })
  })

  test('a rollout: status, reason, counts, and what was notified in each minute', () => {
    const progress = (at: number, queued: number): Event => ({
      at,
      type: 'rollout-progress',
      rollout: 0,
      status: 'IN_PROGRESS',
      counts: counts({ QUEUED: queued }),
    })
    const end: Event = { at: 200_000, type: 'rollout-finished', rollout: 0, status: 'CANCELED', reason: 'ABORT', counts: counts({ CANCELED: 3 }) }
    const [rollout] = tallyOf([progress(30_000, 1), progress(61_000, 2), progress(150_000, 2), end]).rollouts
    expect(rollout).toMatchObject({
      update: 'job-1',
      status: 'CANCELED',
      reason: 'ABORT',
      startedAt: 1000,
      finishedAt: 200_000,
      notified: 3,
      targets: 4,
    })
    expect(rollout!.notifiedPerMinute()).toEqual([1, 1, 0, 1])
    expect(rollout!.curve.columns()).toMatchObject({
      at: [1000, 30_000, 61_000, 150_000, 200_000],
      QUEUED: [0, 1, 2, 2, 0],
      CANCELED: [0, 0, 0, 0, 3],
    })
  })
})
