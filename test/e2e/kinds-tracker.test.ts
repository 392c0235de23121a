import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RecordedRun } from '../scenarios/recorded-run.ts'
import { rehearsed, temporaryDirectory } from '../scenarios/rehearsed.ts'
import { fleetsim } from './program.ts'

const REPORTING = 'fleet.trackers.reporting={activeWait: 60s}'

test('500 trackers over sockets, with reports between updates', { timeout: 120_000 }, async () => {
  const resultsDir = join(temporaryDirectory(), 'runs')
  const options = ['--speed', '15', '--metrics-port', '0', '--results-dir', resultsDir, '--quiet']
  const overrides = ['fleet.trackers.count=500', 'images.app.size=64KiB', REPORTING].flatMap((override) => ['--set', override])
  const program = fleetsim(['run', 'scenarios/constant-rate.yaml', ...options, ...overrides])
  expect([0, 99]).toContain(await program.ended)
  const { summary } = RecordedRun.in(resultsDir)
  expect(summary.rollouts[0]).toMatchObject({ status: 'COMPLETED', counts: { SUCCEEDED: 500 } })
  expect(summary.outcomes.all).toMatchObject({ targets: 500, succeeded: 500, hurt: 0 })
  expect(summary.findings).toEqual([])
})

test('10,000 trackers in virtual time', { timeout: 60_000 }, async () => {
  const { run } = await rehearsed('scenarios/million.yaml', 'fleet.trackers.count=10000')
  expect(run.summary.rollouts[0]!.counts).toMatchObject({ SUCCEEDED: 9980, FAILED: 10, TIMED_OUT: 5, REJECTED: 5 })
  // Those that hang, and nobody else.
  expect(run.summary.findings).toEqual([expect.objectContaining({ finding: 'stuck-job', count: 5 })])
})
