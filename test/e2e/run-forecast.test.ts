import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Summary } from '../../src/report/summary-schema.ts'
import { RecordedRun } from '../scenarios/recorded-run.ts'
import { rehearsed, temporaryDirectory } from '../scenarios/rehearsed.ts'
import { fleetsim } from './program.ts'

/** The virtual run forecasts the run over sockets, and the number of workers changes nothing. */

/** A machine that somebody else uses, too, can't keep up with the first. fleetsim notices by itself. */
const SPEEDS = [30, 15, 8]

describe('the scenario that everybody starts with, made smaller', () => {
  const FLEET = ['fleet.trackers.count=150', 'fleet.gators.count=40', 'fleet.gators.gateways=4']
  /** Of the targets, at every full minute. */
  const TOLERANCE = 0.05

  test('ends over sockets as virtual time said, at the pace that it said', { timeout: 240_000 }, async () => {
    const { run: virtual } = await rehearsed('scenarios/exponential.yaml', ...FLEET)
    const sockets = await firstTrusted(SPEEDS, (speed) => overSockets('scenarios/exponential.yaml', speed, 2, FLEET))

    expect(sockets.summary.outcomes).toEqual(virtual.summary.outcomes)
    expect(sockets.summary.rollouts.map(ended)).toEqual(virtual.summary.rollouts.map(ended))
    expect(sockets.strikes).toEqual(virtual.strikes)
    expect(sockets.strikes).toHaveLength(5 + 2)
    expect(sockets.executions()).toEqual(virtual.executions())

    const [forecast, actual] = [virtual.notifiedByMinute(), sockets.notifiedByMinute()]
    const minutes = Math.min(forecast.length, actual.length)
    expect(minutes).toBeGreaterThanOrEqual(5)
    for (let minute = 0; minute < minutes; minute++) {
      const [said, was] = [forecast[minute]!, actual[minute]!]
      const message = `${minute + 1} minutes into the rollout, ${said.toFixed(1)} of 150 were to be notified, and ${was.toFixed(1)} were`
      expect(Math.abs(said - was), message).toBeLessThanOrEqual(150 * TOLERANCE)
    }
  })
})

test('whoever is struck by a fault is struck with one, two and three workers', { timeout: 240_000 }, async () => {
  const scenario = ['fleet.trackers.count=60', 'fleet.gators.count=12', 'fleet.gators.gateways=3']
  const faults = ['faults[0].devices=5 of trackers', 'faults[1]={devices: 7 of gators, during: download, do: lost-connection, for: 5s}']
  // A gateway that is late because the machine is must still hear its message.
  const overrides = [...scenario, ...faults, 'rollouts[1].at=90s']
  const { run: virtual } = await rehearsed('scenarios/exponential.yaml', ...overrides)
  expect(virtual.strikes).toHaveLength(12)
  for (const workers of [1, 2, 3]) {
    const run = await firstTrusted(SPEEDS, (speed) => overSockets('scenarios/exponential.yaml', speed, workers, overrides))
    expect(run.summary.health.workers).toHaveLength(workers)
    expect(run.strikes).toEqual(virtual.strikes)
  }
})

test("with MQTT.js or AWS's own SDK in the devices the run ends as with fleetsim's own client", { timeout: 240_000 }, async () => {
  const fleet = ['fleet.trackers.count=60', 'fleet.gators.count=12', 'fleet.gators.gateways=3', 'faults[0].devices=5 of trackers']
  const [own, ...others] = await Promise.all(
    ['packet', 'mqtt', 'aws-iot-device-sdk-v2'].map((transport) =>
      firstTrusted(SPEEDS, (speed) => overSockets('scenarios/exponential.yaml', speed, 2, [...fleet, `transport=${transport}`])),
    ),
  )
  for (const other of others) {
    expect(other.summary.outcomes).toEqual(own!.summary.outcomes)
    expect(other.strikes).toEqual(own!.strikes)
    expect(other.executions()).toEqual(own!.executions())
    expect(other.summary.rollouts.map(ended)).toEqual(own!.summary.rollouts.map(ended))
  }
})

async function overSockets(file: string, speed: number, workers: number, overrides: readonly string[]): Promise<RecordedRun> {
  const resultsDir = join(temporaryDirectory(), 'runs')
  const options = ['--speed', String(speed), '--workers', String(workers), '--metrics-port', '0', '--results-dir', resultsDir, '--quiet']
  const program = fleetsim(['run', file, ...options, ...overrides.flatMap((override) => ['--set', override])])
  expect([0, 99]).toContain(await program.ended)
  return RecordedRun.in(resultsDir)
}

async function firstTrusted(speeds: readonly number[], runAt: (speed: number) => Promise<RecordedRun>): Promise<RecordedRun> {
  for (const speed of speeds) {
    const run = await runAt(speed)
    if (run.summary.verdict.trusted) return run
  }
  throw new Error(`not one of the speeds ${speeds.join(', ')} was slow enough for this machine`)
}

function ended({ update, status, counts, targets, notified }: Summary['rollouts'][number]): object {
  return { update, status, counts, targets, notified }
}
