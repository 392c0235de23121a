import { isMap, isNode, isSeq, parseDocument } from 'yaml'
import type { Document, ParsedNode } from 'yaml'
import { formatPath } from './problem.ts'
import type { Path } from './problem.ts'
import { showValue } from './words.ts'

/** One `--set path=value`: `fleet.trackers.count=10`, `rollouts[0].job.timeoutConfig.inProgressTimeoutInMinutes=5`. The value is YAML. */
export interface Override {
  readonly path: Path
  readonly value: ParsedNode | null
}

export interface OverrideProblem {
  readonly path: string
  readonly expected: string
  readonly found: string
}

const SEGMENT = /([^.[\]]+)|\[(\d+)\]/y

export function parseOverride(text: string): Override | OverrideProblem {
  const equals = text.indexOf('=')
  const pathText = equals < 0 ? text : text.slice(0, equals)
  const path = parsePath(pathText.trim())
  if (equals < 0 || !path) return { path: '', expected: 'path=value, such as fleet.trackers.count=10', found: showValue(text) }
  const { contents, errors } = parseDocument(text.slice(equals + 1))
  if (errors.length > 0) return { path: formatPath(path), expected: 'a YAML value', found: showValue(text.slice(equals + 1)) }
  return { path, value: contents }
}

/** Writes the value into the document, with the maps on the way that are not there yet. */
export function applyOverride(document: Document.Parsed, { path, value }: Override): OverrideProblem | undefined {
  for (let depth = 0; depth < path.length; depth++) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true)
    if (node === undefined || node === null) break
    const segment = path[depth]!
    const problem = (expected: string, found: string): OverrideProblem => ({ path: formatPath(path.slice(0, depth + 1)), expected, found })
    if (typeof segment === 'number') {
      if (!isSeq(node)) return problem('a list to take an entry of', describe(node))
      if (segment > node.items.length) return problem(`an index from 0 to ${node.items.length}`, String(segment))
    } else if (!isMap(node)) return problem('a map to set a field of', describe(node))
  }
  document.setIn(path, value)
  return undefined
}

function parsePath(text: string): Path | undefined {
  const path: (string | number)[] = []
  let at = 0
  while (at < text.length) {
    if (path.length > 0 && text[at] === '.') at++
    SEGMENT.lastIndex = at
    const match = SEGMENT.exec(text)
    if (!match) return undefined
    path.push(match[1] ?? Number(match[2]))
    at = SEGMENT.lastIndex
  }
  return path.length > 0 && typeof path[0] === 'string' ? path : undefined
}

function describe(node: unknown): string {
  return isNode(node) && 'source' in node
    ? showValue((node as unknown as { value: unknown }).value)
    : isSeq(node)
      ? 'a list'
      : isMap(node)
        ? 'a map'
        : 'an alias'
}
