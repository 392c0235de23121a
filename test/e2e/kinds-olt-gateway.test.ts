import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RecordedRun } from '../scenarios/recorded-run.ts'
import { rehearsed, temporaryDirectory } from '../scenarios/rehearsed.ts'
import { fleetsim } from './program.ts'

/** Firmware to all lights at once, as far as their gateways allow; some can't write it. */
const LIGHTS = (count: number, gateways: number, faults: string) => [
  `fleet.lights.count=${count}`,
  `fleet.lights.gateways=${gateways}`,
  'fleet.lights.gateway.parallel=16',
  'fleet.lights.link=wifi',
  'images.light.size=64KiB',
  'rollouts[0].oltInstallation.deadline=30m',
  'rollouts[1].at=10m',
  'rollouts[1].oltInstallation.perMinute=60000',
  `faults=[{devices: ${faults} of lights, during: install, do: fail-install}]`,
  'time.drain=30s',
  'thresholds=[]',
]

test('500 lights behind 20 OLT gateways over sockets', { timeout: 120_000 }, async () => {
  const resultsDir = join(temporaryDirectory(), 'runs')
  const options = ['--speed', '20', '--metrics-port', '0', '--results-dir', resultsDir, '--quiet']
  const overrides = [
    'rollouts[0].oltInstallation.perMinute=120',
    'rollouts[1].at=5m',
    ...LIGHTS(500, 20, '10').filter((one) => one !== 'rollouts[1].at=10m'),
  ]
  const program = fleetsim(['run', 'scenarios/olt-slots.yaml', ...options, ...overrides.flatMap((override) => ['--set', override])])
  expect(await program.ended, program.output).toBe(0)
  const { summary } = RecordedRun.in(resultsDir)
  for (const rollout of summary.rollouts) expect(rollout).toMatchObject({ status: 'COMPLETED', counts: { SUCCEEDED: 490, REJECTED: 10 } })
  expect(summary.outcomes.all).toMatchObject({ succeeded: 490, rejected: 10, wrong_image: 0 })
})

test('10,000 lights behind 500 OLT gateways in virtual time', { timeout: 60_000 }, async () => {
  const { run } = await rehearsed('scenarios/olt-slots.yaml', 'rollouts[0].oltInstallation.perMinute=2000', ...LIGHTS(10_000, 500, '200'))
  for (const rollout of run.summary.rollouts) expect(rollout).toMatchObject({ status: 'COMPLETED', counts: { SUCCEEDED: 9800, REJECTED: 200 } })
  expect(Math.max(...run.summary.rollouts[0]!.notifiedPerMinute)).toBe(2000)
})
