import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { rehearse } from '../../src/cli/rehearse.ts'
import { formatProblem } from '../../src/scenario/problem.ts'
import { loadScenario } from '../../src/scenario/load.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { journalBeside } from '../report/journal-beside.ts'
import { RecordedRun } from './recorded-run.ts'

export interface Rehearsed {
  readonly exitCode: number
  /** What a terminal would show at the end. */
  readonly printed: string
  readonly run: RecordedRun
}

/** Runs a scenario in virtual time inside this process, from its file to its report. `overrides` are those of `--set`. */
export async function rehearsed(file: string, ...overrides: readonly string[]): Promise<Rehearsed> {
  vi.stubEnv('GITHUB_STEP_SUMMARY', undefined)
  const resultsDir = temporaryDirectory()
  let printed = ''
  const exitCode = await rehearse({
    scenario: scenarioOf(file, ['time.speed=max', ...overrides]),
    command: 'fleetsim run',
    workers: undefined,
    resultsDir,
    metrics: { port: 0, host: '127.0.0.1' },
    lingerMs: 0,
    outputs: [],
    interrupt: new AbortController().signal,
    showLive: undefined,
    openJournal: journalBeside,
    print: (text) => (printed += text),
    color: false,
  })
  return { exitCode, printed, run: RecordedRun.in(resultsDir) }
}

export function scenarioOf(file: string, overrides: readonly string[]): Scenario {
  const loaded = loadScenario(file, { set: overrides })
  if ('problems' in loaded) throw new Error(loaded.problems.map(formatProblem).join('\n'))
  return loaded.scenario
}

/** Gone when the test is over. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'fleetsim-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}
