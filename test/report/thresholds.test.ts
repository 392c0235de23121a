import { expect, test } from 'vitest'
import type { Event } from '../../src/ports/events.ts'
import type { Threshold } from '../../src/report/threshold.ts'
import { evaluate } from '../../src/report/thresholds.ts'
import { counts, JOB, pickedUp, reported, tallyOf } from './fixtures.ts'

/** Three of four trackers succeed, 4, 5 and 6 s after the rollout started; the fourth fails. No gator picks anything up. */
const events: readonly Event[] = [
  ...[0, 1, 2].flatMap((device) => [pickedUp(2000, device), reported(5000 + 1000 * device, device, 'SUCCEEDED')]),
  pickedUp(2000, 3),
  reported(3000, 3, 'FAILED'),
  { at: 3000, device: 0, type: 'downloaded', bytes: 1000, ms: 1500, retries: 0 },
  { at: 9000, type: 'rollout-finished', rollout: 0, status: 'COMPLETED', counts: counts() },
]

const share = (measure: 'succeeded' | 'failed' | 'not_notified', comparator: Threshold['comparator'], value: number, group?: string): Threshold => ({
  text: '',
  measure,
  unit: 'share',
  comparator,
  value,
  ...(group === undefined ? {} : { group }),
})

interface Row {
  readonly that: string
  readonly threshold: Threshold
  readonly ok: boolean
  readonly actual: number
  readonly text: string
  readonly note?: string
}

const rows: readonly Row[] = [
  { that: 'a share of all targets', threshold: share('succeeded', '>=', 0.5), ok: true, actual: 0.5, text: '50 %', note: '3 of 6' },
  { that: 'the limit itself is not above it', threshold: share('succeeded', '>', 0.5), ok: false, actual: 0.5, text: '50 %', note: '3 of 6' },
  { that: 'a share of one group', threshold: share('succeeded', '>=', 0.75, 'trackers'), ok: true, actual: 0.75, text: '75 %', note: '3 of 4' },
  {
    that: 'a group of gateways has no targets, and meets nothing',
    threshold: share('failed', '<=', 1, 'gators-gateways'),
    ok: false,
    actual: NaN,
    text: 'no targets',
    note: 'no rollout targets these devices',
  },
  {
    that: 'a share that is not finite in binary',
    threshold: share('not_notified', '==', 33.333333333333336 / 100),
    ok: true,
    actual: 1 / 3,
    text: '33.3 %',
    note: '2 of 6',
  },
  {
    that: 'a count',
    threshold: { text: '', measure: 'failed', unit: 'count', comparator: '==', value: 0 },
    ok: false,
    actual: 1,
    text: '1',
  },
  {
    that: 'a count that differs',
    threshold: { text: '', measure: 'hurt', unit: 'count', comparator: '!=', value: 0 },
    ok: false,
    actual: 0,
    text: '0',
  },
  {
    that: 'the time to a share of a group',
    threshold: { text: '', measure: 'time_to', share: 0.7, comparator: '<=', value: 6000, group: 'trackers' },
    ok: true,
    actual: 6000,
    text: '6s',
  },
  {
    that: 'a share that was never reached, not even for a lower bound',
    threshold: { text: '', measure: 'time_to', share: 0.95, comparator: '>', value: 1 },
    ok: false,
    actual: Infinity,
    text: 'never (reached 50 %)',
  },
  {
    that: 'a duration that has not ended, because the gators’ rollout has not',
    threshold: { text: '', measure: 'duration', comparator: '<', value: 1e9 },
    ok: false,
    actual: NaN,
    text: 'not finished',
  },
  {
    that: 'a percentile',
    threshold: { text: '', measure: 'download', percentile: 95, comparator: '<', value: 1501 },
    ok: true,
    actual: 1500,
    text: '1.5s',
  },
  {
    that: 'a percentile of nothing',
    threshold: { text: '', measure: 'connect', percentile: 95, comparator: '<', value: 1e9 },
    ok: false,
    actual: NaN,
    text: 'nothing measured',
  },
]

test.each(rows)('$that', ({ threshold, ok, actual, text, note }) => {
  expect(evaluate(threshold, tallyOf(events))).toEqual({ ok, actual, actualText: text, ...(note === undefined ? {} : { note }) })
})

test('the duration of the rollouts, once they have ended', () => {
  const threshold: Threshold = { text: '', measure: 'duration', comparator: '<', value: 8001 }
  expect(evaluate(threshold, tallyOf(events, { rollouts: [JOB] }))).toEqual({ ok: true, actual: 8000, actualText: '8s' })
})

test('999 of 1000 is 99.9 %, whichever way it is divided', () => {
  const tally = tallyOf([])
  const of = (count: number) => Object.assign(Object.create(tally) as typeof tally, { measure: () => ({ count, of: 1000 }) })
  expect(evaluate(share('succeeded', '>=', 99.9 / 100), of(999)).ok).toBe(true)
  expect(evaluate(share('succeeded', '>=', 99.9 / 100), of(998)).ok).toBe(false)
  expect(evaluate(share('succeeded', '>', 99.9 / 100), of(999)).ok).toBe(false)
})
