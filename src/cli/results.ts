import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import type { CurveColumns } from '../report/curve.ts'
import { renderHtml } from '../report/html.ts'
import { renderJunit } from '../report/junit.ts'
import { renderMarkdown } from '../report/markdown.ts'
import type { Summary } from '../report/summary-schema.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { type Output, writeOutput } from './outputs.ts'

/** `runs/2026-11-20T20-26-11-exponential`; a number at the end when there are more in one second. UserError 100 when it can't be made. */
export function makeResultsDir(parent: string, scenario: Scenario, startedAt: Date): string {
  const base = join(parent, `${startedAt.toISOString().slice(0, 19).replaceAll(':', '-')}-${scenario.name}`)
  try {
    mkdirSync(parent, { recursive: true })
    for (let number = 1; ; number++) {
      const directory = number === 1 ? base : `${base}-${number}`
      if (make(directory)) {
        writeFileSync(join(directory, 'scenario.yaml'), scenario.text)
        return directory
      }
    }
  } catch (cause) {
    throw new UserError(`--results-dir: ${base} can't be made: ${cause instanceof Error ? cause.message : String(cause)}`, 100, { cause })
  }
}

/** Every report of a finished run, from its summary. */
export function writeResults(directory: string, summary: Summary, curves: readonly CurveColumns[], outputs: readonly Output[]): void {
  const texts = {
    json: `${JSON.stringify(summary, null, 2)}\n`,
    junit: renderJunit(summary),
    html: renderHtml(summary, curves),
    markdown: renderMarkdown(summary),
  }
  const files = { 'summary.json': texts.json, 'junit.xml': texts.junit, 'report.html': texts.html }
  for (const [name, text] of Object.entries(files)) write(join(directory, name), text)
  for (const output of outputs) writeOutput(output, texts[output.format])
  const stepSummary = process.env['GITHUB_STEP_SUMMARY']
  if (stepSummary) appendFileSync(stepSummary, texts.markdown)
}

/** UserError 1: the run is over, or can't be recorded any more. */
export function unwritable(path: string, cause: unknown): UserError {
  return new UserError(`${path} can't be written: ${cause instanceof Error ? cause.message : String(cause)}`, 1, { cause })
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

function make(directory: string): boolean {
  try {
    mkdirSync(directory)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
