import { expect, test } from 'vitest'
import { CATALOGUE, METRICS } from '../../src/metrics/catalogue.ts'
import type { MetricsContext } from '../../src/metrics/labels.ts'
import { REASONS, reasonIndex } from '../../src/metrics/reasons.ts'
import { metricsReference } from '../../src/metrics/reference.ts'
import { RolloutRate } from '../../src/metrics/rollout-rate.ts'
import { Slots } from '../../src/metrics/slots.ts'
import { EXECUTION_STATUSES } from '../../src/ports/events.ts'
import type { ExecutionCounts } from '../../src/ports/events.ts'

const context: MetricsContext = {
  groups: [
    { name: 'a', count: 1 },
    { name: 'b', count: 1 },
  ],
  faults: ['hang'],
  rollouts: ['0', '1'],
  thresholds: ['succeeded >= 95%'],
  workers: 3,
}

test('names follow the conventions of Prometheus, and no two metrics share one', () => {
  for (const { name, type, unit, help } of CATALOGUE) {
    expect(name).toMatch(/^fleetsim_[a-z][a-z0-9_]*$/)
    expect(name.endsWith('_total'), name).toBe(type === 'counter')
    if (unit === 'seconds' || unit === 'bytes' || unit === 'ratio') expect(name).toContain(`_${unit}`)
    expect(help, name).toMatch(/^[A-Z].*[.1]$/)
  }
  expect(new Set(CATALOGUE.map(({ name }) => name)).size).toBe(CATALOGUE.length)
})

test('buckets ascend', () => {
  for (const { name, buckets } of CATALOGUE) {
    if (buckets) expect([...buckets], name).toEqual(buckets.toSorted((one, other) => one - other))
  }
})

test('no label could be a device, and the number of series of a run is bounded', () => {
  const series = Object.values(new Slots(context).blocks).reduce((sum, block) => sum + block.size, 0)
  expect(series).toBeLessThan(1000)
  for (const { labels } of CATALOGUE) expect(labels.map(({ name }) => name)).not.toContain('device')
})

test('blocks lie side by side: every series has slots of its own', () => {
  const { blocks, byteLength } = new Slots(context)
  let next = 0
  for (const block of Object.values(blocks)) {
    expect(block.base).toBe(next)
    next += block.size
  }
  expect(byteLength).toBe(next * 8)
  const { reports } = blocks
  expect(reports.series[(reports.at(1, 2, 1) - reports.base) / reports.width]).toEqual({
    group: 'b',
    status: EXECUTION_STATUSES[2],
    accepted: 'false',
  })
})

test('values of a label that are not distinct are refused', () => {
  expect(() => new Slots({ ...context, rollouts: ['app', 'app'] })).toThrow('the values of rollout are not distinct: app, app')
})

test('a metric is in shared memory for every key, three labels at most', () => {
  for (const metric of Object.values(METRICS)) expect(metric.labels.length, metric.name).toBeLessThanOrEqual(3)
})

test.each([
  ['timeout', 'timeout'],
  ['Fragment timed out after 30s', 'timeout'],
  ['connection reset by peer', 'reset'],
  ['refused', 'refused'],
  ['closed', 'closed'],
  ['link lost', 'closed'],
  ['offline', 'offline'],
  ['crc32 mismatch', 'corrupt-image'],
  ['corrupt-image', 'corrupt-image'],
  ['image too large for the slot', 'too-large'],
  ['HTTP 403', 'http-4xx'],
  ['status 503', 'http-5xx'],
  ['self-test', 'self-test'],
  ['never booted', 'boot'],
  ['REJECTED', 'rejected'],
  ['', 'other'],
  [undefined, 'other'],
  ['the dog ate it', 'other'],
])('reason %s is %s', (text, kind) => {
  expect(REASONS[reasonIndex(text)]).toBe(kind)
})

test('each reason is its own kind', () => {
  for (const reason of REASONS) expect(REASONS[reasonIndex(reason)]).toBe(reason)
})

test('the rate of a rollout is that of the last minute, or of the last two answers when they are further apart', () => {
  const counts = (created: number, succeeded: number) => ({ ...zero(), QUEUED: created - succeeded, SUCCEEDED: succeeded })
  const rate = new RolloutRate(0)
  expect(rate.add(0, counts(0, 0))).toEqual({ created: 0, succeeded: 0 })
  expect(rate.add(30_000, counts(25, 5))).toEqual({ created: 50, succeeded: 10 })
  expect(rate.add(60_000, counts(50, 20))).toEqual({ created: 50, succeeded: 20 })
  expect(rate.add(90_000, counts(100, 50))).toEqual({ created: 75, succeeded: 45 })
  expect(rate.add(390_000, counts(600, 100))).toEqual({ created: 100, succeeded: 10 })
})

test('docs/metrics.md is what the catalogue says (npx vitest run test/metrics -u writes it anew)', async () => {
  await expect(metricsReference()).toMatchFileSnapshot('../../docs/metrics.md')
})

function zero(): ExecutionCounts {
  return Object.fromEntries(EXECUTION_STATUSES.map((status) => [status, 0])) as ExecutionCounts
}
