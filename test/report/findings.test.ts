import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/ports/events.ts'
import { Findings } from '../../src/report/findings.ts'
import { execution, flashed, pickedUp, reported, settled, tallyOf } from './fixtures.ts'

const WRONG = 0xdead
const rolledBack: Event = { at: 4000, device: 0, type: 'rolled-back', from: '1.0.1', to: '1.0.0' }
const attempt = (status: 'CANCELED' | 'QUEUED', attempts: number): Event => ({
  ...(execution(0, status) as Extract<Event, { type: 'execution' }>),
  attempts,
})
const inProgress: Event = { at: 9000, type: 'execution', rollout: 0, device: 0, status: 'IN_PROGRESS', attempts: 1 }

describe('findings', () => {
  test.each<[string, readonly Event[], readonly string[]]>([
    ['a good update', [pickedUp(2000, 0), flashed(2500, 0), reported(3000, 0, 'SUCCEEDED'), execution(0, 'SUCCEEDED')], []],
    ['success over wrong bytes', [pickedUp(2000, 0), flashed(2500, 0, WRONG), reported(3000, 0, 'SUCCEEDED')], ['wrong-image']],
    [
      'wrong bytes that were put right',
      [pickedUp(2000, 0), flashed(2500, 0, WRONG), reported(3000, 0, 'SUCCEEDED'), pickedUp(4000, 0), flashed(4500, 0)],
      [],
    ],
    ['success, then the old version', [pickedUp(2000, 0), reported(3000, 0, 'SUCCEEDED'), rolledBack], ['silent-rollback']],
    ['the old version, and a report that says so', [pickedUp(2000, 0), rolledBack, reported(5000, 0, 'FAILED')], []],
    ['silence until the timeout', [pickedUp(2000, 0), execution(0, 'TIMED_OUT')], ['stuck-job']],
    ['a report that came too late', [pickedUp(2000, 0), reported(3000, 0, 'SUCCEEDED', false), execution(0, 'TIMED_OUT')], []],
    ['a job that timed out before the device heard of it', [execution(0, 'TIMED_OUT')], []],
    ['silence without a timeout, from a device that has given up', [pickedUp(2000, 0), settled(2500, 0), inProgress], ['stuck-job']],
    ['a run that ends while the device is at work', [pickedUp(2000, 0), inProgress], []],
    ['a retry that nobody takes', [pickedUp(2000, 0), attempt('CANCELED', 2)], ['stuck-job']],
    ['an operator who cancels', [pickedUp(2000, 0), attempt('CANCELED', 1)], []],
    ['what a device shows by itself', [{ at: 2000, device: 0, type: 'finding', finding: 'message-too-long' }], ['message-too-long']],
  ])('%s', (_, events, expected) => {
    const list = tallyOf(events).findings.list()
    expect(list).toEqual(expected.map((finding) => ({ finding, count: 1, devices: [0] })))
  })

  test('a device that does it again is counted once; five are named', () => {
    const findings = new Findings(100)
    for (let device = 10; device < 20; device++) for (let i = 0; i < 3; i++) findings.set(device, 'duplicate-notification')
    expect(findings.list()).toEqual([{ finding: 'duplicate-notification', count: 10, devices: [10, 11, 12, 13, 14] }])
  })
})

describe('receipts of gateways', () => {
  const GATEWAY = 6
  const failed: Event = { at: 2500, device: GATEWAY, type: 'reported', update: 'app.bin', status: 'FAILED', accepted: true, reason: 'http 404' }

  test.each<[string, readonly Event[], number]>([
    ['not before it settles', [pickedUp(2000, GATEWAY, 'app.bin')], 0],
    ['once it settles', [pickedUp(2000, GATEWAY, 'app.bin'), settled(3000, GATEWAY)], 1],
    ['once for two messages', [2000, 4000].flatMap((at) => [pickedUp(at, GATEWAY, 'app.bin'), settled(at + 500, GATEWAY)]), 1],
    ['none of one that reports a failure', [pickedUp(2000, GATEWAY, 'app.bin'), failed, settled(3000, GATEWAY)], 0],
    ['none for another image', [pickedUp(2000, GATEWAY, 'other.bin'), settled(3000, GATEWAY)], 0],
    ['none of a gator', [pickedUp(2000, 4), settled(3000, 4)], 0],
  ])('%s', (_, events, received) => {
    const { receipts } = tallyOf(events)
    expect(receipts.of(1)).toEqual({ gateways: 1, received })
    expect(receipts.of(0)).toBeUndefined()
  })
})

test('the last word on a gator is that of the operator, as it is in the counts of the rollout', () => {
  const last: Event = { at: 9000, type: 'execution', rollout: 1, device: 4, status: 'FAILED', attempts: 3 }
  const never: Event = { at: 9000, type: 'execution', rollout: 1, device: 5, status: 'TIMED_OUT', attempts: 1 }
  const tally = tallyOf([pickedUp(2000, 4), reported(2500, 4, 'FAILED'), pickedUp(5000, 4), last, never])
  expect(tally.outcomes('gators')).toMatchObject({ targets: 2, failed: 1, timed_out: 1, in_progress: 0, not_notified: 0 })
})
