import { expect, test } from 'vitest'
import { merge } from '../../../src/cloud/shadow/section.ts'

const OLD = { dev: { v: { appV: '1.0.0' }, ts: 1 }, bat: 4 }

test.each([
  ['all of it anew', { dev: { v: { appV: '1.0.1' }, ts: 2 }, bat: 5 }, '{"dev":{"v":{"appV":"1.0.1"},"ts":2},"bat":5}', 9],
  [
    'and a key more',
    { dev: { v: { appV: '1.0.1' }, ts: 2 }, bat: 5, gps: { x: 1 } },
    '{"dev":{"v":{"appV":"1.0.1"},"ts":2},"bat":5,"gps":{"x":1}}',
    9,
  ],
  ['another order of keys: theirs stays', { bat: 5, dev: { ts: 2, v: { appV: '1.0.1' } } }, '{"dev":{"v":{"appV":"1.0.1"},"ts":2},"bat":5}', 9],
  ['a part', { bat: 5 }, '{"dev":{"v":{"appV":"1.0.0"},"ts":1},"bat":5}', { dev: 7, bat: 9 }],
  ['a part of a part', { dev: { ts: 2 }, bat: 5 }, '{"dev":{"v":{"appV":"1.0.0"},"ts":2},"bat":5}', { dev: { v: 7, ts: 9 }, bat: 9 }],
  ['a null below', { dev: { v: null, ts: 2 }, bat: 5 }, '{"dev":{"ts":2},"bat":5}', 9],
  ['a null in a new key', { dev: { v: { appV: '2' }, ts: 2 }, bat: { mV: null } }, '{"dev":{"v":{"appV":"2"},"ts":2},"bat":{}}', 9],
  ['nothing', {}, '{"dev":{"v":{"appV":"1.0.0"},"ts":1},"bat":4}', 7],
])('merging %s', (_, patch, state, times) => {
  const merged = merge({ state: OLD, times: 7 }, patch, 9)
  expect(JSON.stringify(merged?.state)).toBe(state)
  expect(merged?.times).toEqual(times)
})
