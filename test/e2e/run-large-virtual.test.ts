import { readdirSync } from 'node:fs'
import { onTestFinished, expect, test, vi } from 'vitest'
import { RecordedRun } from '../scenarios/recorded-run.ts'
import { temporaryDirectory } from '../scenarios/rehearsed.ts'
import { childrenOf, isAlive } from './processes.ts'
import { Program } from './program.ts'

/** A fleet in virtual time that is too large for the heap that Node gives: it runs in a process with one of its own, and nobody can tell. */

const LARGE = 320_000

test('Ctrl-C ends the run in order, and both processes', { timeout: 120_000 }, async () => {
  const { program, resultsDir } = start(LARGE)
  await program.printed(/[1-9]\d* in progress/)
  const [child, ...others] = childrenOf(program.pid)
  expect(others).toEqual([])
  expect(child!.words).toEqual(expect.arrayContaining(['--max-semi-space-size=64', expect.stringMatching(/^--max-old-space-size=\d+$/), 'run']))
  expect(await program.interrupt(), program.output).toBe(105)
  expect(isAlive(child!.pid)).toBe(false)
  expect(program.output.match(/320,000 devices · virtual time/g)).toHaveLength(1)
  expect(RecordedRun.in(resultsDir).summary.run.end).toBe('interrupted')
})

test('a second Ctrl-C ends both at once', { timeout: 120_000 }, async () => {
  const { program } = start(LARGE)
  await program.printed(/results in /)
  const [child] = childrenOf(program.pid)
  void program.interrupt()
  await program.printed(/interrupted: stopping the run/)
  expect(await program.interrupt()).toBe(130)
  expect(isAlive(child!.pid)).toBe(false)
})

test('the process of a run that is killed ends with it', { timeout: 120_000 }, async () => {
  const { program } = start(LARGE)
  await program.printed(/results in /)
  const [child] = childrenOf(program.pid)
  await program.stop()
  await vi.waitUntil(() => !isAlive(child!.pid), { timeout: 20_000 })
})

test('a fleet that does not fit into the memory is refused before anything starts', async () => {
  // A hundred groups as large as a group may be.
  const groups = Array.from({ length: 100 }, (_, i) => `g${i}: { kind: tracker, count: 10000000, firmware: 1.0.0 }`)
  const { program, resultsDir } = start(LARGE, `fleet={ trackers: { kind: tracker, count: 1, firmware: 1.0.0 }, ${groups.join(', ')} }`)
  expect(await program.ended, program.output).toBe(100)
  expect(program.stderr).toMatch(
    /does not fit on this machine: 1,000,000,001 devices in virtual time take at least \d+ GiB of memory; [\d.]+ [GM]iB are free/,
  )
  expect(readdirSync(resultsDir)).toEqual([])
})

function start(devices: number, ...overrides: readonly string[]): { program: Program; resultsDir: string } {
  const resultsDir = temporaryDirectory()
  const set = [`fleet.trackers.count=${devices}`, ...overrides].flatMap((override) => ['--set', override])
  const program = new Program(['run', 'scenarios/million.yaml', ...set, '--metrics-port', '0', '--results-dir', resultsDir])
  onTestFinished(() => program.stop())
  return { program, resultsDir }
}
