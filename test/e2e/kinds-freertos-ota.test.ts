import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RecordedRun } from '../scenarios/recorded-run.ts'
import { rehearsed, temporaryDirectory } from '../scenarios/rehearsed.ts'
import { fleetsim } from './program.ts'

/** Smaller images, time for a busy machine, and a rollout at AWS's own limit. */
const FIELD = (sensors: number, meters: number) => [
  'thresholds=[]',
  `fleet.sensors.count=${sensors}`,
  `fleet.meters.count=${meters}`,
  'fleet.sensors.selfTest=10m',
  'fleet.meters.selfTest=10m',
  'fleet.sensors.requestWait=1m',
  'images.app.size=64KiB',
  'rollouts[0].otaUpdate.awsJobExecutionsRolloutConfig={maximumPerMinute: 1000}',
  'rollouts[1].otaUpdate.awsJobExecutionsRolloutConfig={maximumPerMinute: 1000}',
  'rollouts[0].otaUpdate.awsJobTimeoutConfig.inProgressTimeoutInMinutes=4',
]

test('500 FreeRTOS devices over sockets', { timeout: 120_000 }, async () => {
  const resultsDir = join(temporaryDirectory(), 'runs')
  const options = ['--speed', '10', '--metrics-port', '0', '--results-dir', resultsDir, '--quiet']
  const overrides = FIELD(400, 100).flatMap((override) => ['--set', override])
  const program = fleetsim(['run', 'scenarios/freertos-ota.yaml', ...options, ...overrides])
  expect(await program.ended).toBe(0)
  const { summary } = RecordedRun.in(resultsDir)
  expect(summary.outcomes.groups['sensors']).toMatchObject({
    targets: 400,
    succeeded: 372,
    failed: 24,
    timed_out: 4,
    rolled_back: 12,
    wrong_image: 0,
  })
  expect(summary.outcomes.groups['meters']).toMatchObject({ targets: 100, succeeded: 98, failed: 2, wrong_image: 0 })
})

test('10,000 FreeRTOS devices in virtual time', { timeout: 90_000 }, async () => {
  const { run } = await rehearsed('scenarios/freertos-ota.yaml', ...FIELD(9000, 1000))
  expect(run.summary.outcomes.groups['sensors']).toMatchObject({ succeeded: 8370, failed: 540, timed_out: 90, rolled_back: 270, wrong_image: 0 })
  expect(run.summary.outcomes.groups['meters']).toMatchObject({ succeeded: 980, failed: 20, wrong_image: 0 })
})
