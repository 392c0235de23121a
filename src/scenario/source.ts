import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { Document, YAMLError } from 'yaml'
import { escapeReferences, expandReferences, guardReferences, restoreReferences } from './environment.ts'
import type { Environment } from './environment.ts'
import { Lines } from './lines.ts'
import { applyOverride, parseOverride } from './override.ts'
import { formatPath } from './problem.ts'
import type { Finding, Path, Problem } from './problem.ts'
import { showValue } from './words.ts'

/** Aliases (`*name`) that a scenario may use: enough for people, too few to blow up the memory. */
const MAX_ALIASES = 100

/** The file of a problem in an override. */
const OVERRIDES = '--set'

/** A scenario's text, read as YAML, with variables expanded and overrides applied; it remembers where everything stood. */
export interface Source {
  readonly value: unknown
  /** The text that says the same without variables and overrides. */
  readonly text: string
  problem(finding: Finding): Problem
}

export interface SourceOptions {
  /** Overrides, `path=value`. */
  readonly set?: readonly string[]
  readonly env?: Environment
}

/** The source is left out when the text is no YAML at all; problems may be there either way. */
export function readSource(text: string, file: string, { set = [], env = {} }: SourceOptions): { source?: Source; problems: Problem[] } {
  const lines = new Lines(text)
  const document = parseDocument(guardReferences(text), { prettyErrors: false })
  if (document.errors.length > 0) {
    // One slip makes several errors at the same place; the first of them names it.
    const first = document.errors.filter((error, i, all) => all.findIndex(({ pos }) => pos[0] === error.pos[0]) === i)
    return { problems: first.map((error) => syntaxProblem(error, document, lines, file)) }
  }

  const { changed, findings } = expandReferences(document, env)
  const locator = new Locator(text, file, document, lines)
  const problems = findings.map((finding) => locator.problem(finding))
  for (const [i, override] of set.entries()) {
    const parsed = parseOverride(override)
    const failure = 'expected' in parsed ? parsed : applyOverride(document, parsed)
    if (failure) problems.push({ file: OVERRIDES, line: i + 1, col: 0, ...failure })
    else if ('value' in parsed) locator.overridden.push({ path: parsed.path, line: i + 1 })
  }
  try {
    locator.value = document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch (error) {
    return { problems: [...problems, locator.problem({ path: [], expected: `aliases that resolve, at most ${MAX_ALIASES}`, found: lower(error) })] }
  }
  if (changed || set.length > 0) locator.text = writtenOut(document)
  return { source: locator, problems }
}

class Locator implements Source {
  value: unknown
  text: string
  readonly overridden: { path: Path; line: number }[] = []
  readonly #original: string
  readonly #file: string
  readonly #document: Document.Parsed
  readonly #lines: Lines

  constructor(text: string, file: string, document: Document.Parsed, lines: Lines) {
    this.text = text
    this.#original = text
    this.#file = file
    this.#document = document
    this.#lines = lines
  }

  problem(finding: Finding): Problem {
    const { key, node, missing } = this.#walk(finding.path)
    const found = finding.found ?? (missing ? 'nothing' : showNode(node))
    const rest = { path: formatPath(finding.path), expected: finding.expected, found }
    const start = finding.at === 'key' || missing || isBlank(node) ? (startOf(key) ?? startOf(node)) : startOf(node)
    const override = this.#overrideOf(finding.path, start === undefined)
    if (override) return { file: OVERRIDES, line: override.line, col: 0, ...rest }
    const { line, col } = this.#lines.position((start ?? 0) + this.#shift(node, start, finding.offset))
    return { file: this.#file, line, col, ...rest }
  }

  /** The node at the end of the path and its key. Where the path leads nowhere, the last one that it passed. */
  #walk(path: Path): { key: unknown; node: unknown; missing: boolean } {
    let key: unknown
    let node: unknown = this.#document.contents
    for (const segment of path) {
      if (isAlias(node)) node = node.resolve(this.#document)
      if (isMap(node)) {
        const pair = node.items.find((item) => (isScalar(item.key) ? String(item.key.value) : String(item.key)) === String(segment))
        if (!pair) return { key, node, missing: true }
        key = pair.key
        node = pair.value
      } else if (isSeq(node) && typeof segment === 'number' && segment < node.items.length) {
        node = node.items[segment]
        key = node
      } else return { key, node, missing: true }
    }
    return { key, node, missing: false }
  }

  /** The override that wrote what is at a path; `created`: as one of the maps on the way to its own path. */
  #overrideOf(path: Path, created: boolean): { readonly line: number } | undefined {
    const inside = (outer: Path, inner: Path) => outer.every((segment, i) => segment === inner[i])
    const writer = this.overridden.findLast((override) => inside(override.path, path))
    return (
      writer ??
      (created ? this.overridden.findLast((override) => override.path.some((_, i) => inside(override.path.slice(0, i + 1), path))) : undefined)
    )
  }

  /** Points into a scalar where its text stands as it is; quotes count, escapes and folded lines don't: then the start has to do. */
  #shift(node: unknown, start: number | undefined, offset: number | undefined): number {
    if (offset === undefined || start === undefined || !isScalar(node) || typeof node.value !== 'string') return 0
    if (this.#original.startsWith(node.value, start)) return offset
    return this.#original.startsWith(node.value, start + 1) ? offset + 1 : 0
  }
}

/** A name as scenarios have them: where the syntax is broken, all sorts of text ends up as one. */
const NAME = /^[A-Za-z][\w-]*$/

const SYNTAX: Readonly<Record<string, readonly [expected: string, found: string]>> = {
  BLOCK_AS_IMPLICIT_KEY: ['a value, or fields that line up under it', 'a field in the middle of a value'],
  MULTILINE_IMPLICIT_KEY: ['a name on one line', 'a line break in it'],
  BAD_INDENT: ['the same indentation as the lines around it', 'another'],
  DUPLICATE_KEY: ['every name once', 'it a second time'],
  MULTIPLE_DOCS: ['one document', 'a second one after ---'],
  TAB_AS_INDENT: ['spaces for indentation', 'a tab'],
}

function syntaxProblem(error: YAMLError, document: Document.Parsed, lines: Lines, file: string): Problem {
  const [expected, found] = SYNTAX[error.code] ?? ['valid YAML', restoreReferences(lower(error))]
  return { file, ...lines.position(error.pos[0]), path: formatPath(pathAt(document.contents, error.pos[0])), expected, found }
}

/** The path of the innermost field around an offset. */
function pathAt(node: unknown, offset: number): Path {
  if (isMap(node)) {
    const pair = node.items.findLast(({ key }) => (startOf(key) ?? Infinity) <= offset)
    return pair && isScalar(pair.key) && NAME.test(String(pair.key.value)) ? [String(pair.key.value), ...pathAt(pair.value, offset)] : []
  }
  if (isSeq(node)) {
    const i = node.items.findLastIndex((item) => (startOf(item) ?? Infinity) <= offset)
    return i < 0 ? [] : [i, ...pathAt(node.items[i], offset)]
  }
  return []
}

function writtenOut(document: Document.Parsed): string {
  const copy = document.clone() as Document.Parsed
  escapeReferences(copy)
  return restoreReferences(copy.toString({ lineWidth: 0 }))
}

/** `1.0` is shown as it was written, not as the number 1. */
function showNode(node: unknown): string {
  if (!isScalar(node)) return showValue(isMap(node) || isSeq(node) ? node.toJSON() : undefined)
  return typeof node.value === 'number' && node.source !== undefined ? node.source : showValue(node.value)
}

function isBlank(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null && !node.source)
}

function startOf(node: unknown): number | undefined {
  return (node as { range?: readonly [number, number, number] } | null | undefined)?.range?.[0]
}

/** The message of an error without its capital and full stop, to stand in a sentence. */
function lower(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '')
}
