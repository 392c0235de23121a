import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RecordedRun } from '../scenarios/recorded-run.ts'
import { rehearsed, temporaryDirectory } from '../scenarios/rehearsed.ts'
import { fleetsim } from './program.ts'

/** Smaller bundles, fewer waits, a rollout at AWS's own limit. Nothing is queued that a device could miss (see the scenario): no retry, and no job before all are there. */
const FIELD = (kiosks: number, panels: number) => [
  `fleet.kiosks.count=${kiosks}`,
  `fleet.panels.count=${panels}`,
  'fleet.panels.hooks.download={exits: [3, 0]}',
  'fleet.kiosks.connect.over=30s',
  'fleet.panels.connect.over=30s',
  'rollouts[0].at=3m',
  'rollouts[0].cancel.at=20m',
  'images.bundle.size=100KiB',
  'rollouts[0].job.jobExecutionsRolloutConfig.maximumPerMinute=1000',
  'rollouts[0].job.jobExecutionsRetryConfig.criteriaList[0].numberOfRetries=0',
]

test('500 Upparat devices over sockets', { timeout: 120_000 }, async () => {
  const resultsDir = join(temporaryDirectory(), 'runs')
  const options = ['--speed', '20', '--metrics-port', '0', '--results-dir', resultsDir, '--quiet']
  const overrides = ['thresholds=[]', ...FIELD(400, 100)].flatMap((override) => ['--set', override])
  const program = fleetsim(['run', 'scenarios/upparat.yaml', ...options, ...overrides])
  expect(await program.ended).toBe(0)
  const { summary } = RecordedRun.in(resultsDir)
  expect(summary.outcomes.groups['kiosks']).toMatchObject({ targets: 400, succeeded: 392, failed: 8, wrong_image: 12, rolled_back: 8 })
  expect(summary.outcomes.groups['panels']).toMatchObject({ targets: 100, succeeded: 95, failed: 5, wrong_image: 0 })
})

test('10,000 Upparat devices in virtual time', { timeout: 60_000 }, async () => {
  const { run } = await rehearsed('scenarios/upparat.yaml', 'thresholds=[]', ...FIELD(9000, 1000))
  expect(run.summary.outcomes.groups['kiosks']).toMatchObject({ succeeded: 8820, failed: 180, wrong_image: 270, rolled_back: 180 })
  expect(run.summary.outcomes.groups['panels']).toMatchObject({ succeeded: 950, failed: 50, wrong_image: 0 })
})
