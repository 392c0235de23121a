/** What is wrong with a scenario, and where. Lines and columns count from 1. */
export interface Problem {
  /** The scenario as the user named it, or `--set` for a problem in an override: `line` is then the number of the override, `col` is 0. */
  readonly file: string
  readonly line: number
  readonly col: number
  /** Such as `rollouts[0].job.targets[1]`; empty for the file as a whole. */
  readonly path: string
  readonly expected: string
  readonly found: string
}

export type Path = readonly (string | number)[]

/** A problem before anybody looked up where it stands in the text. */
export interface Finding {
  readonly path: Path
  readonly expected: string
  /** Left out: the value itself. */
  readonly found?: string
  /** `key` points at the name of the field, `value` (the default) at what it holds. */
  readonly at?: 'key' | 'value'
  /** How many characters into the value. */
  readonly offset?: number
}

/** One line: `file:line:col path: expected …, found …`. */
export function formatProblem({ file, line, col, path, expected, found }: Problem): string {
  const position = col === 0 ? `${file}:${line}` : `${file}:${line}:${col}`
  return `${position} ${path || 'scenario'}: expected ${expected}, found ${found}`
}

export function formatPath(path: Path): string {
  return path.map((segment, i) => (typeof segment === 'number' ? `[${segment}]` : i === 0 ? segment : `.${segment}`)).join('')
}

/** Those of the file first, in reading order, then those of the overrides. */
export function byPosition(a: Problem, b: Problem): number {
  return Number(a.col === 0) - Number(b.col === 0) || a.line - b.line || a.col - b.col
}
