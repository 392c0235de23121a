import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RecordedRun } from '../scenarios/recorded-run.ts'
import { rehearsed, temporaryDirectory } from '../scenarios/rehearsed.ts'
import { fleetsim } from './program.ts'

/** Gators that look once a minute, behind gateways of which two get no image. */
const FIELD = (gators: number, gateways: number) => [
  `fleet.gators.count=${gators}`,
  `fleet.gators.gateways=${gateways}`,
  'fleet.gators.connect.over=30s',
  'fleet.gators.tick=10s',
  'fleet.gators.otaPeriod=6',
  'images.gator.size=64KiB',
  'rollouts[0].firmwareImage.gatewaysPerMinute=6000',
  'rollouts[0].firmwareImage.deadline=4m',
  'faults=[{devices: 2 of gators-gateways, during: download, do: http-error}]',
  'time.drain=10s',
  'thresholds=[]',
]

test('500 Data Gators behind 20 gateways over sockets', { timeout: 120_000 }, async () => {
  const resultsDir = join(temporaryDirectory(), 'runs')
  const options = ['--speed', '15', '--metrics-port', '0', '--results-dir', resultsDir, '--quiet']
  const program = fleetsim(['run', 'scenarios/data-gators.yaml', ...options, ...FIELD(500, 20).flatMap((override) => ['--set', override])])
  expect(await program.ended).toBe(0)
  const { summary } = RecordedRun.in(resultsDir)
  expect(summary.rollouts[0]).toMatchObject({ receipts: { gateways: 20, received: 20 }, counts: { SUCCEEDED: 450, FAILED: 50 } })
  expect(summary.outcomes.groups['gators']).toMatchObject({ succeeded: 450, failed: 50 })
  expect(summary.findings).toEqual([expect.objectContaining({ finding: 'receipt-without-image', count: 2 })])
})

test('10,000 Data Gators in virtual time', { timeout: 60_000 }, async () => {
  const { run } = await rehearsed('scenarios/data-gators.yaml', ...FIELD(10_000, 500))
  expect(run.summary.rollouts[0]).toMatchObject({ receipts: { gateways: 500, received: 500 }, counts: { SUCCEEDED: 9960, FAILED: 40 } })
  expect(run.summary.outcomes.groups['gators']).toMatchObject({ succeeded: 9960, failed: 40 })
})
