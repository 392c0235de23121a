import { isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { Document, ParsedNode, Scalar } from 'yaml'
import type { Finding, Path } from './problem.ts'

/**
 * `${NAME}` and `${NAME:-default}` in the values of a scenario; `$${` is a plain `${`. The default also stands in for an empty variable, as in a shell.
 *
 * Braces end a plain scalar inside `{ … }` and `[ … ]`. So they are swapped for stand-ins of the same length before the text is parsed, which lets
 * `{ count: ${COUNT} }` through and keeps every line and column as the user sees it.
 */

// Private-use characters: no keyboard makes them, YAML lets them stand in any scalar.
const OPEN = '\uE000'
const CLOSE = '\uE001'

const REFERENCE = /\$\{([^}\n]*)\}/g
const GUARDED = new RegExp(`(\\$?)\\$${OPEN}([^${CLOSE}]*)${CLOSE}`, 'g')
const NAME = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/

export type Environment = Readonly<Record<string, string | undefined>>

/** Swaps the braces; the length stays. */
export function guardReferences(text: string): string {
  return text.replace(REFERENCE, (_, inner: string) => `$${OPEN}${inner}${CLOSE}`)
}

/** Swaps them back. */
export function restoreReferences(text: string): string {
  return text.replaceAll(OPEN, '{').replaceAll(CLOSE, '}')
}

/** Expands every value of a guarded document in place. `changed` tells whether there was anything to expand. */
export function expandReferences(document: Document.Parsed, env: Environment): { changed: boolean; findings: Finding[] } {
  const findings: Finding[] = []
  let changed = false
  eachValue(document.contents, [], (scalar, path) => {
    if (typeof scalar.value !== 'string' || !scalar.value.includes(OPEN)) return
    changed = true
    const expanded = expand(scalar.value, path, env, findings)
    scalar.value = scalar.type === 'PLAIN' ? plainValue(expanded) : expanded
    // Else the text of the scenario would still hold the old number or word.
    delete (scalar as Scalar).source
  })
  return { changed, findings }
}

/** Writes `${` in the values of a document as `$${`, so that its text means the same when it is read again. */
export function escapeReferences(document: Document.Parsed): void {
  eachValue(document.contents, [], (scalar) => {
    if (typeof scalar.value === 'string') scalar.value = scalar.value.replaceAll('${', () => '$${')
  })
}

function expand(text: string, path: Path, env: Environment, findings: Finding[]): string {
  return text.replace(GUARDED, (_, escape: string, inner: string) => {
    if (escape) return `\${${inner}}`
    const [, name, fallback] = NAME.exec(inner) ?? []
    if (name === undefined) {
      findings.push({ path, expected: '${NAME} or ${NAME:-default}', found: `\${${inner}}` })
      return ''
    }
    const value = env[name]
    if (fallback !== undefined) return value || fallback
    if (value !== undefined) return value
    findings.push({ path, expected: `the environment variable ${name} to be set, or \${${name}:-default}`, found: 'it unset' })
    return ''
  })
}

/** `800` out of a variable is a number, as it would be in the file; a list or a map can't be smuggled in. */
function plainValue(text: string): unknown {
  const { contents, errors } = parseDocument(text)
  return errors.length === 0 && isScalar(contents) ? contents.value : text
}

function eachValue(node: ParsedNode | null, path: Path, visit: (scalar: Scalar.Parsed, path: Path) => void): void {
  if (isScalar(node)) visit(node as Scalar.Parsed, path)
  else if (isSeq(node)) for (const [i, item] of node.items.entries()) eachValue(item as ParsedNode, [...path, i], visit)
  else if (isMap(node)) {
    for (const { key, value } of node.items) {
      // Names are not expanded: what stands in for braces goes back to what it was.
      if (isScalar(key) && typeof key.value === 'string') key.value = restoreReferences(key.value)
      eachValue(value as ParsedNode | null, [...path, isScalar(key) ? String(key.value) : String(key)], visit)
    }
  }
}
