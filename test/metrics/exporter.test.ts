import { describe, expect, test } from 'vitest'
import { CATALOGUE, METRICS } from '../../src/metrics/catalogue.ts'
import { Exporter } from '../../src/metrics/exporter.ts'
import type { MetricsContext } from '../../src/metrics/labels.ts'
import { Recorder } from '../../src/metrics/recorder.ts'
import { Slots } from '../../src/metrics/slots.ts'
import type { ExecutionCounts } from '../../src/ports/events.ts'
import type { WorkerHealth } from '../../src/ports/health.ts'
import { exposition } from './exposition.ts'
import { SyntheticRun } from './synthetic-run.ts'

const context: MetricsContext = {
  groups: [
    { name: 'trackers', count: 8 },
    { name: 'gators', count: 2 },
  ],
  faults: ['hang', 'corrupt-image', 'hang'],
  rollouts: ['app'],
  thresholds: ['succeeded >= 95%', 'wrong_image == 0'],
  workers: 2,
  operations: [
    { service: 'iot', name: 'CreateJob' },
    { service: 'iot-jobs-data', name: 'UpdateJobExecution' },
  ],
}
const run = { runId: '7f3c', scenario: 'exponential', seed: 42, version: '0.1.0' }

const none: ExecutionCounts = { QUEUED: 0, IN_PROGRESS: 0, SUCCEEDED: 0, FAILED: 0, TIMED_OUT: 0, REJECTED: 0, REMOVED: 0, CANCELED: 0 }
const healthy: WorkerHealth = { worker: 0, lagP99Ms: 6, lagMaxMs: 20, slipP99Ms: 2, slipMaxMs: 9, dropped: 0, utilization: 0.4, devices: 5 }

function setUp() {
  const exporter = new Exporter(context, run)
  const recorder = (worker?: number) => {
    const buffer = new Slots(context).allocate()
    exporter.addSource(buffer, ...(worker === undefined ? [] : [worker]))
    return new Recorder(buffer, context)
  }
  return { exporter, recorder, scrape: async () => exposition(await exporter.metrics()) }
}

describe('before anything happened', () => {
  test('every series that the scenario bounds is there, at zero, with the run id', async () => {
    const { scrape } = setUp()
    const { value, names } = await scrape()
    for (const block of Object.values(new Slots(context).blocks)) {
      const suffixes = block.metric.type === 'histogram' ? ['_sum', '_count'] : ['']
      for (const labels of block.series) {
        for (const suffix of suffixes)
          expect(value(block.metric.name + suffix, { ...labels, run_id: '7f3c' }), block.metric.name).toBeGreaterThanOrEqual(0)
      }
    }
    expect([...names].filter((name) => !name.startsWith('fleetsim_'))).toEqual([])
    expect(value('fleetsim_cloud_requests_total', { service: 'iot', operation: 'CreateJob', code: 'ok' })).toBe(0)
    expect(value('fleetsim_cloud_requests_total', { operation: 'UpdateJobExecution', code: 'TerminalStateReached' })).toBe(0)
  })

  test('faults of one kind share a series', async () => {
    const { scrape } = setUp()
    expect((await scrape()).series('fleetsim_faults_total').map(({ fault }) => fault)).toEqual(['hang', 'corrupt-image'])
  })

  test('the run and its rollouts wait to begin, and all devices with them', async () => {
    const { value } = await setUp().scrape()
    expect(value('fleetsim_run_info', { scenario: 'exponential', seed: '42', version: '0.1.0', run_id: '7f3c' })).toBe(1)
    expect(value('fleetsim_run_status', { status: 'starting' })).toBe(1)
    expect(value('fleetsim_rollout_status', { rollout: 'app', status: 'PENDING' })).toBe(1)
    expect(value('fleetsim_devices', { group: 'trackers', state: 'starting' })).toBe(8)
  })
})

describe('sources', () => {
  test('add up', async () => {
    const { recorder, scrape } = setUp()
    recorder().event({ type: 'connected', at: 0, device: 0, ms: 100 })
    recorder().event({ type: 'connected', at: 0, device: 5, ms: 300 })
    const { value } = await scrape()
    expect(value('fleetsim_device_connects_total', { group: 'trackers', result: 'ok' })).toBe(2)
    expect(value('fleetsim_connect_duration_seconds_sum', { group: 'trackers' })).toBeCloseTo(0.4)
    expect(value('fleetsim_devices', { group: 'trackers', state: 'connected' })).toBe(2)
    expect(value('fleetsim_devices', { group: 'trackers', state: 'starting' })).toBe(6)
  })

  test('a lost worker keeps its counts, but its devices are starting again; who takes over counts on', async () => {
    const { exporter, recorder, scrape } = setUp()
    const first = recorder(0)
    first.event({ type: 'connected', at: 0, device: 0, ms: 100 })
    first.event({ type: 'bricked', at: 1, device: 0, reason: 'boot' })
    exporter.runEvent({ type: 'worker-lost', at: 2, worker: 0, devices: 8, reason: 'exit 1' })
    const lost = await scrape()
    expect(lost.value('fleetsim_device_connects_total', { group: 'trackers', result: 'ok' })).toBe(1)
    expect(lost.value('fleetsim_bricked_total', { group: 'trackers' })).toBe(1)
    expect(lost.value('fleetsim_devices', { group: 'trackers', state: 'starting' })).toBe(8)
    expect(lost.value('fleetsim_harms', { group: 'trackers', harm: 'bricked' })).toBe(0)
    expect(lost.value('fleetsim_workers_lost_total', {})).toBe(1)

    recorder(0).event({ type: 'connected', at: 3, device: 0, ms: 100 })
    const after = await scrape()
    expect(after.value('fleetsim_device_connects_total', { group: 'trackers', result: 'ok' })).toBe(2)
    expect(after.value('fleetsim_devices', { group: 'trackers', state: 'connected' })).toBe(1)
    for (const { name, labels, value } of lost.all) {
      if (/_(total|bucket|sum|count)$/.test(name)) expect(after.value(name, labels), name).toBeGreaterThanOrEqual(value)
    }
  })

  test('a buffer of another layout is refused', () => {
    const { exporter } = setUp()
    expect(() => exporter.addSource(new SharedArrayBuffer(64))).toThrow(/expected a metrics buffer of \d+ bytes, found 64/)
  })
})

describe('rollouts', () => {
  test('status, executions and rates follow what DescribeJob said', async () => {
    const { exporter, scrape } = setUp()
    exporter.runEvent({ type: 'run-started', at: 0, scenario: 'exponential', seed: 42, devices: 10 })
    exporter.runEvent({ type: 'rollout-started', at: 60_000, rollout: 0, update: 'job-1', targets: 10 })
    exporter.runEvent({ type: 'rollout-progress', at: 90_000, rollout: 0, status: 'IN_PROGRESS', counts: { ...none, QUEUED: 2, SUCCEEDED: 1 } })
    const going = await scrape()
    expect(going.value('fleetsim_run_status', { status: 'running' })).toBe(1)
    expect(going.value('fleetsim_run_status', { status: 'starting' })).toBe(0)
    expect(going.value('fleetsim_rollout_targets', { rollout: 'app' })).toBe(10)
    expect(going.value('fleetsim_job_executions', { rollout: 'app', status: 'QUEUED' })).toBe(2)
    expect(going.value('fleetsim_rollout_rate_per_minute', { rollout: 'app', kind: 'actual' })).toBe(6)
    expect(going.value('fleetsim_rollout_rate_per_minute', { rollout: 'app', kind: 'succeeded' })).toBe(2)

    exporter.runEvent({ type: 'rollout-finished', at: 99_000, rollout: 0, status: 'CANCELED', counts: { ...none, CANCELED: 9, SUCCEEDED: 1 } })
    exporter.runEvent({ type: 'run-finished', at: 99_000, reason: 'completed' })
    const over = await scrape()
    expect(over.value('fleetsim_rollout_status', { rollout: 'app', status: 'CANCELED' })).toBe(1)
    expect(over.value('fleetsim_rollout_status', { rollout: 'app', status: 'IN_PROGRESS' })).toBe(0)
    expect(over.value('fleetsim_rollout_rate_per_minute', { rollout: 'app', kind: 'actual' })).toBe(0)
    expect(over.value('fleetsim_run_status', { status: 'completed' })).toBe(1)
  })

  test.each([
    ['a rollout without a job came to its deadline', 'TIMED_OUT', 'TIMED_OUT'],
    ['AWS has a word that is not known', 'WEIRD', 'other'],
  ])('%s', async (_, status, label) => {
    const { exporter, scrape } = setUp()
    exporter.runEvent({ type: 'rollout-finished', at: 1, rollout: 0, status, counts: none })
    expect((await scrape()).value('fleetsim_rollout_status', { rollout: 'app', status: label })).toBe(1)
  })
})

describe('what the main thread knows', () => {
  test('health in seconds; dropped messages go on when a worker begins anew', async () => {
    const { exporter, scrape } = setUp()
    exporter.health([{ ...healthy, dropped: 5 }])
    exporter.health([{ ...healthy, dropped: 7 }])
    exporter.health([{ ...healthy, dropped: 2 }])
    const { value } = await scrape()
    expect(value('fleetsim_event_loop_lag_seconds', { worker: '0', stat: 'p99' })).toBe(0.006)
    expect(value('fleetsim_clock_slip_seconds', { worker: '0', stat: 'max' })).toBe(0.009)
    expect(value('fleetsim_worker_utilization_ratio', { worker: '0' })).toBe(0.4)
    expect(value('fleetsim_messages_dropped_total', { worker: '0' })).toBe(9)
  })

  test('thresholds by their text; one that is not in the scenario is a bug', async () => {
    const { exporter, scrape } = setUp()
    exporter.threshold('wrong_image == 0', true)
    expect((await scrape()).value('fleetsim_threshold_ok', { threshold: 'wrong_image == 0' })).toBe(1)
    expect(() => exporter.threshold('nope', true)).toThrow('no threshold nope')
  })

  test('simulated time only grows', async () => {
    const { exporter, scrape } = setUp()
    exporter.simulatedSeconds(12)
    exporter.simulatedSeconds(7)
    expect((await scrape()).value('fleetsim_simulated_seconds_total', {})).toBe(12)
  })

  test('requests to the cloud by operation and code, with their durations', async () => {
    const { exporter, scrape } = setUp()
    for (const code of ['ok', 'ok', 'ThrottlingException']) {
      exporter.cloudRequest({ service: 'iot-jobs-data', operation: 'UpdateJobExecution', code, seconds: 0.002 })
    }
    const { value } = await scrape()
    expect(value('fleetsim_cloud_requests_total', { service: 'iot-jobs-data', operation: 'UpdateJobExecution', code: 'ok' })).toBe(2)
    expect(value('fleetsim_cloud_requests_total', { operation: 'UpdateJobExecution', code: 'ThrottlingException' })).toBe(1)
    expect(value('fleetsim_cloud_request_duration_seconds_bucket', { service: 'iot-jobs-data', le: '0.001' })).toBe(0)
    expect(value('fleetsim_cloud_request_duration_seconds_bucket', { service: 'iot-jobs-data', le: '0.0025' })).toBe(3)
  })

  test('made-up operations fill a bounded number of series', async () => {
    const { exporter, scrape } = setUp()
    for (let name = 0; name < 3000; name++) exporter.cloudRequest({ service: 's3', operation: `Operation${name}`, code: 'ok', seconds: 0 })
    const { series, value } = await scrape()
    expect(series('fleetsim_cloud_requests_total').length).toBeLessThanOrEqual(1001)
    expect(value('fleetsim_cloud_requests_total', { service: 's3', operation: 'other', code: 'other' })).toBe(3000 - 989)
  })
})

test('buckets of a histogram are cumulative and end in the count', async () => {
  const { recorder, scrape } = setUp()
  const device = recorder()
  for (const ms of [1, 5, 6, 70_000]) device.event({ type: 'connected', at: 0, device: 0, ms })
  const { value } = await scrape()
  const bucket = (le: string) => value('fleetsim_connect_duration_seconds_bucket', { group: 'trackers', le })
  expect(METRICS.connectDuration.buckets!.map(String).map(bucket)).toEqual([2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3])
  expect(bucket('+Inf')).toBe(4)
  expect(value('fleetsim_connect_duration_seconds_count', { group: 'trackers' })).toBe(4)
})

describe('a run in which everything happens', () => {
  test('feeds every metric of the catalogue', async () => {
    const run = new SyntheticRun()
    for (let tick = 0; tick < 120; tick++) run.tick()
    const { all } = exposition(await run.exporter.metrics())
    const fed = new Set(all.filter(({ value }) => value !== 0).map(({ name }) => name.replace(/_(bucket|sum|count)$/, '')))
    expect(CATALOGUE.map(({ name }) => name).filter((name) => !fed.has(name))).toEqual([])
  })

  test('never takes a count back, also when a worker dies on the way; the states of a group add up to its size', async () => {
    const run = new SyntheticRun()
    let before = exposition(await run.exporter.metrics())
    for (let tick = 1; tick <= 60; tick++) {
      run.tick()
      // The worker dies between the 39th and the 41st tick.
      if (tick % 20 !== 0 && Math.abs(tick - 40) > 1) continue
      const now = exposition(await run.exporter.metrics())
      const values = new Map(now.all.map(({ name, labels, value }) => [name + JSON.stringify(labels), value]))
      const counts = before.all.filter(({ name }) => /_(total|bucket|sum|count)$/.test(name))
      expect(counts.length).toBeGreaterThan(300)
      expect(counts.filter(({ name, labels, value }) => !(values.get(name + JSON.stringify(labels))! >= value))).toEqual([])
      for (const [group, size] of [
        ['trackers', 800],
        ['gators', 200],
      ]) {
        const states = now.all.filter(({ name, labels }) => name === 'fleetsim_devices' && labels['group'] === group)
        expect(states.reduce((sum, { value }) => sum + value, 0)).toBe(size)
        expect(states.every(({ value }) => value >= 0)).toBe(true)
      }
      before = now
    }
  })
})
