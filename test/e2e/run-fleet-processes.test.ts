import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished, expect, test, vi } from 'vitest'
import { RecordedRun } from '../scenarios/recorded-run.ts'
import { temporaryDirectory } from '../scenarios/rehearsed.ts'
import { ROOT } from '../sources.ts'
import { childrenOf, isAlive } from './processes.ts'
import { Program } from './program.ts'

/** A fleet with more sockets than a process may open: it runs in several, and nobody can tell from the results. */

const FLEET = ['fleet.trackers.count=150', 'fleet.gators.count=20', 'fleet.gators.gateways=4', 'rollouts[1].at=90s', 'time.speed=20']
/** Too few for two workers and half the fleet each in one process, enough for one of them. */
const OPEN_FILES = 500
const PROGRAM_OF_FLEET = 'fleet-process-program.js'
const PROGRAM_OF_DOOR = 'door-program.js'

test('a fleet in several processes ends as it does in one', { timeout: 120_000 }, async () => {
  const alone = start(FLEET)
  expect(await alone.program.ended).toBe(0)
  const spread = start(FLEET, OPEN_FILES)
  await spread.program.printed(/[1-9]\d* in progress/)
  const processes = childrenOf(spread.program.pid)
  expect(processes.map(({ name }) => name).toSorted()).toEqual([PROGRAM_OF_DOOR, PROGRAM_OF_FLEET, PROGRAM_OF_FLEET])
  expect(await spread.program.ended).toBe(0)
  expect(processes.filter(({ pid }) => isAlive(pid))).toEqual([])

  const [expected, run] = [RecordedRun.in(alone.resultsDir), RecordedRun.in(spread.resultsDir)]
  expect(run.strikes).toEqual(expected.strikes)
  expect(statuses(run)).toEqual(statuses(expected))
  expect(run.summary.health.workers).toHaveLength(2)
})

test('a process of the fleet that dies is replaced: its devices were without power, and the run goes on', { timeout: 120_000 }, async () => {
  const { program, resultsDir } = start([...FLEET, 'thresholds[0]=succeeded >= 90%'], OPEN_FILES)
  await program.printed(/[1-9]\d* in progress/)
  const { pid } = childrenOf(program.pid).find(({ name }) => name === PROGRAM_OF_FLEET)!
  process.kill(pid, 'SIGKILL')
  expect(await program.ended, program.output).toBe(0)

  const run = RecordedRun.in(resultsDir)
  const [lost, ...others] = run.of('worker-lost')
  expect(others).toEqual([])
  expect(lost).toMatchObject({ devices: 87, reason: `its process ${pid} ended: SIGKILL` })
  const again = run.of('booted').filter(({ at, boots }) => at > lost!.at && (boots as number) > 1)
  expect(again.length).toBeGreaterThanOrEqual(80)
})

test('a worker that throws is lost for its reason, and its process ends', async () => {
  const child = fork(join(ROOT, 'dist/run', PROGRAM_OF_FLEET), { serialization: 'advanced' })
  onTestFinished(() => void child.kill('SIGKILL'))
  const told: unknown[] = []
  child.on('message', (message) => told.push(message))
  child.send({ type: 'run', order: { worker: 0, metrics: { counters: new Float64Array(2), context: {} } } })
  const [code] = await once(child, 'exit')
  expect(code).toBe(1)
  expect(told).toEqual([
    { type: 'counters', counters: new Float64Array(2) },
    { type: 'lost', reason: expect.stringMatching(/undefined/) as string },
  ])
})

test('an MQTT door that dies ends the run, and all processes', { timeout: 60_000 }, async () => {
  const { program, resultsDir } = start(FLEET, OPEN_FILES)
  await program.printed(/[1-9]\d* in progress/)
  const processes = childrenOf(program.pid)
  const { pid } = processes.find(({ name }) => name === PROGRAM_OF_DOOR)!
  process.kill(pid, 'SIGKILL')
  expect(await program.ended, program.output).toBe(97)
  expect(program.output).toContain(`Exit 97: the run ended with an error: MQTT door 1 of the embedded cloud (process ${pid}) ended: SIGKILL`)
  expect(processes.filter((other) => isAlive(other.pid))).toEqual([])
  expect(RecordedRun.in(resultsDir).summary.run.end).toBe('error')
})

test('Ctrl-C ends all processes', { timeout: 60_000 }, async () => {
  const { program, resultsDir } = start(FLEET, OPEN_FILES)
  await program.printed(/[1-9]\d* in progress/)
  const processes = childrenOf(program.pid)
  // A terminal sends it to all of them.
  for (const { pid } of processes) process.kill(pid, 'SIGINT')
  expect(await program.interrupt()).toBe(105)
  expect(processes.filter(({ pid }) => isAlive(pid))).toEqual([])
  expect(RecordedRun.in(resultsDir).of('worker-lost')).toEqual([])
})

test('processes of a run that is killed end with it', { timeout: 60_000 }, async () => {
  const { program } = start(FLEET, OPEN_FILES)
  await program.printed(/[1-9]\d* in progress/)
  const processes = childrenOf(program.pid)
  expect(processes).toHaveLength(3)
  await program.stop()
  await vi.waitUntil(() => !processes.some(({ pid }) => isAlive(pid)), { timeout: 20_000 })
})

test('a fleet that does not fit is refused before anything starts', async () => {
  const { program, resultsDir } = start(FLEET, 320)
  expect(await program.ended).toBe(100)
  expect(program.stderr).toMatch(/does not fit on this machine: .*which may open 320 files.*ulimit -n/)
  expect(readdirSync(resultsDir)).toEqual([])
})

function start(overrides: readonly string[], openFiles?: number): { program: Program; resultsDir: string } {
  const resultsDir = temporaryDirectory()
  const set = overrides.flatMap((override) => ['--set', override])
  const args = ['run', 'scenarios/exponential.yaml', ...set, '--workers', '2', '--metrics-port', '0', '--results-dir', resultsDir]
  const program = new Program(args, openFiles === undefined ? {} : { openFiles })
  onTestFinished(() => program.stop())
  return { program, resultsDir }
}

function statuses(run: RecordedRun): ReadonlyMap<number, string> {
  return new Map([...run.executions(0)].map(([device, { status }]) => [device, status]))
}
