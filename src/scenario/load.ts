import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { checkCloud } from './check-cloud.ts'
import { checkFleet } from './check-fleet.ts'
import { checkPlugins } from './check-plugins.ts'
import type { Modules } from './check-plugins.ts'
import { checkRollouts } from './check-rollouts.ts'
import type { SizeOfFile } from './check-rollouts.ts'
import { checkThresholds, thresholdsOf } from './check-thresholds.ts'
import { draftOf } from './draft.ts'
import type { FileSize } from './forecast.ts'
import { findingsOf, plainIssues } from './issues.ts'
import { scenarioNode } from './json-schema.ts'
import { pathOf } from './path-of.ts'
import { byPosition } from './problem.ts'
import type { Finding, Problem } from './problem.ts'
import type { Scenario } from './scenario.ts'
import { scenarioSchema } from './schema.ts'
import { readSource } from './source.ts'
import type { SourceOptions } from './source.ts'

/** More would bury the first ones. */
const MAX_PROBLEMS = 100

/** Bytes. A larger file is some other file. */
const MAX_SCENARIO_BYTES = 1024 ** 2

export type Loaded = { readonly scenario: Scenario } | { readonly problems: readonly Problem[] }

export interface LoadOptions extends SourceOptions {
  /** The modules that the scenario names. Left out: they are not looked at. */
  readonly modules?: Modules
}

export interface ParseOptions extends LoadOptions {
  /** Looks at image files, relative to the scenario. Left out: they are not looked at. */
  readonly sizeOfFile?: SizeOfFile
}

/** Reads and checks a scenario file. Every problem comes at once (at most 100), in the order of the text; without any, the scenario is frozen. */
export function loadScenario(path: string, options: LoadOptions = {}): Loaded {
  const text = readText(path)
  if (typeof text !== 'string')
    return { problems: [{ file: path, line: 1, col: 1, path: '', expected: 'a scenario file that can be read', found: text.unreadable }] }
  return parseScenario(text, path, { ...options, sizeOfFile: (file) => sizeOfFile(resolve(dirname(path), file)) })
}

/** The same for a text at hand; `path` is for messages. */
export function parseScenario(text: string, path: string, options: ParseOptions = {}): Loaded {
  const { source, problems } = readSource(text, path, options)
  if (!source) return { problems: inOrder(problems) }
  const { data, error } = scenarioSchema.safeParse(source.value, plainIssues)
  const draft = draftOf(source.value)
  const findings: Finding[] = [
    ...(error ? findingsOf(error.issues, scenarioNode(), source.value) : []),
    ...checkCloud(draft),
    ...checkFleet(draft),
    ...checkRollouts(draft, options.sizeOfFile),
    ...checkThresholds(draft),
    ...(options.modules ? checkPlugins(draft, options.modules) : []),
  ]
  // A variable that is not set leaves a hole; that the hole is no number goes without saying.
  const known = new Set(problems.map((problem) => problem.path))
  problems.push(...findings.map((finding) => source.problem(finding)).filter((problem) => !known.has(problem.path)))
  if (!data || problems.length > 0) return { problems: inOrder(problems) }
  return { scenario: deepFreeze({ ...data, path, text: source.text, thresholds: thresholdsOf(data.thresholds) }) }
}

/** What `uses` says of modules in a scenario file that may be wrong in places; each once. */
export function modulesNamed(path: string, options: SourceOptions): string[] {
  const text = readText(path)
  const value = typeof text === 'string' ? readSource(text, path, options).source?.value : undefined
  const { fleet, faults } = draftOf(value)
  const groups = [...fleet.values()].flatMap((group) => (group?.kind === 'plugin' ? [group.uses] : []))
  return [...new Set([...groups, ...faults.flatMap((fault) => fault?.uses ?? [])])]
}

/** Bytes of the image files of a scenario, for its forecast. */
export function fileSizeOf(scenario: Scenario): FileSize {
  return (file) => {
    const size = sizeOfFile(pathOf(scenario, file))
    return typeof size === 'number' ? size : undefined
  }
}

function inOrder(problems: readonly Problem[]): Problem[] {
  return problems.toSorted(byPosition).slice(0, MAX_PROBLEMS)
}

function readText(path: string): string | { unreadable: string } {
  const size = sizeOfFile(path)
  if (typeof size !== 'number') return size
  if (size > MAX_SCENARIO_BYTES) return { unreadable: `a file of ${size} bytes, the limit is ${MAX_SCENARIO_BYTES}` }
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    return { unreadable: reasonOf(error) }
  }
}

function sizeOfFile(path: string): ReturnType<SizeOfFile> {
  try {
    const stats = statSync(path)
    return stats.isFile() ? stats.size : { unreadable: 'a directory' }
  } catch (error) {
    return { unreadable: reasonOf(error) }
  }
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'no such file'
  if (code === 'EACCES' || code === 'EPERM') return 'no permission'
  if (code === undefined) throw error
  return code
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}
