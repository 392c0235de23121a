import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { parseThreshold } from '../../src/report/parse-threshold.ts'
import { OUTCOME_MEASURES } from '../../src/report/threshold.ts'

describe('what parses', () => {
  test.each([
    ['a share of the targets', 'succeeded >= 95%', { measure: 'succeeded', comparator: '>=', unit: 'share', value: 0.95 }],
    ['a number of devices', 'wrong_image == 0', { measure: 'wrong_image', comparator: '==', unit: 'count', value: 0 }],
    ['one group', 'failed(trackers) == 0', { measure: 'failed', group: 'trackers', comparator: '==', unit: 'count', value: 0 }],
    ['a share below one percent', 'hurt < 0.5%', { measure: 'hurt', comparator: '<', unit: 'share', value: 0.005 }],
    ['the time to a share', 'time_to(95%) < 30m', { measure: 'time_to', share: 0.95, comparator: '<', value: 1_800_000 }],
    ['of one group', 'time_to(trackers, 95%) <= 1.5h', { measure: 'time_to', group: 'trackers', share: 0.95, comparator: '<=', value: 5_400_000 }],
    ['how long it all takes', 'duration != 2h', { measure: 'duration', comparator: '!=', value: 7_200_000 }],
    ['a percentile', 'p95(download) < 5m', { measure: 'download', percentile: 95, comparator: '<', value: 300_000 }],
    ['of one group', 'p50(connect, a-1) > 250ms', { measure: 'connect', percentile: 50, group: 'a-1', comparator: '>', value: 250 }],
    ['a group that is called like a timing', 'p99(job, job) < 1s', { measure: 'job', percentile: 99, group: 'job', comparator: '<', value: 1000 }],
  ])('%s: %s', (_, text, threshold) => {
    expect(parseThreshold(text)).toEqual({ text, ...threshold })
  })

  test.each([
    ['  succeeded>=95%  ', 'succeeded >= 95%'],
    ['failed ( trackers )==0', 'failed(trackers) == 0'],
    ['time_to(  trackers ,95% )<30m', 'time_to(trackers, 95%) < 30m'],
    ['p95( connect,trackers ) < 3s', 'p95(connect, trackers) < 3s'],
  ])('spaces do not matter: %s', (text, canonical) => {
    expect(parseThreshold(text)).toMatchObject({ text: canonical })
    expect(parseThreshold(canonical)).toEqual(parseThreshold(text))
  })

  property.prop([fc.constantFrom(...OUTCOME_MEASURES), fc.constantFrom('<', '<=', '>', '>=', '==', '!='), fc.nat()])(
    'every measure takes every comparator and every whole number',
    (measure, comparator, value) => {
      const text = `${measure} ${comparator} ${value}`
      expect(parseThreshold(text)).toEqual({ text, measure, comparator, unit: 'count', value })
    },
  )
})

describe('what does not', () => {
  const MEASURES = `a measure: ${OUTCOME_MEASURES.join(', ')}, time_to, duration, p50, p95, p99`
  test.each([
    ['nothing at all', '', MEASURES, 'the end', 0],
    ['an unknown measure', ' success >= 95%', MEASURES, '"success"', 1],
    ['an assignment', 'succeeded = 95%', 'one of < <= > >= == !=', '"="', 10],
    ['no limit', 'succeeded >=', 'a percentage such as 95% or a whole number', 'the end', 12],
    ['more than everybody', 'succeeded >= 101%', 'a percentage such as 95% or a whole number', '"101%"', 13],
    ['half a device', 'failed < 1.5', 'a percentage such as 95% or a whole number', '"1.5"', 9],
    ['a share as a fraction of a duration', 'duration < 95%', 'a duration such as 30m', '"95%"', 11],
    ['a duration without a unit', 'duration < 30', 'a duration such as 30m', '"30"', 11],
    ['two conditions', 'failed < 1 and hurt < 1', 'nothing more', '"and"', 11],
    ['brackets around nothing', 'failed() < 1', 'a group of the fleet', '")"', 7],
    ['brackets that stay open', 'failed(trackers < 1', ')', '"<"', 16],
    ['a time to nothing', 'time_to < 30m', '(', '"<"', 8],
    ['a time to a group, but to which share', 'time_to(trackers) < 30m', ',', '")"', 16],
    ['a percentile of a group alone', 'p95(trackers) < 30m', 'one of connect, pickup, download, job', '"trackers"', 4],
    ['a percentile that nobody keeps', 'p90(job) < 30m', MEASURES, '"p90"', 0],
    ['a character that fits nowhere', 'failed & 3', 'one of < <= > >= == !=', '"& 3"', 7],
  ])('%s: %s', (_, text, expected, found, at) => {
    expect(parseThreshold(text)).toEqual({ expected, found, at })
  })

  property.prop([fc.string({ maxLength: 40 })])('any text is a threshold or a problem inside of it', (text) => {
    const result = parseThreshold(text)
    if ('expected' in result) expect(result.at).toBeLessThanOrEqual(text.length)
    else expect(parseThreshold(result.text)).toEqual(result)
  })
})
