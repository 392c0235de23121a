import type { SchemaNode } from './json-schema.ts'
import { branches } from './json-schema.ts'
import type { Path } from './problem.ts'
import { either, listNames } from './words.ts'

/** What a field of the scenario takes, in words: `a whole number from 1 to 1000`, `lte-m, nb-iot, wifi, ethernet or conditions`. */
export function expectation(node: SchemaNode | undefined): string {
  if (!node) return 'another value'
  if (node.title !== undefined) return node.title
  if (node.const !== undefined) return String(node.const)
  if (node.enum) return either(node.enum.map(String))
  if (node.anyOf ?? node.oneOf) return either(branches(node).map(expectation))
  if (node.type === 'integer') return `a whole number${bounds(node)}`
  if (node.type === 'number') return `a number${bounds(node)}`
  if (node.type === 'boolean') return 'true or false'
  if (node.type === 'array') return `a list${entries(node)}`
  if (node.type === 'string') return node.maxLength === undefined ? 'text' : `text of at most ${node.maxLength} characters`
  const fields = node.required ?? Object.keys(node.properties ?? {})
  return fields.length === 0 ? 'a map' : `a map of ${listNames(fields)}`
}

/** The schema of the value at a path; where the way forks, the branch that `value` has chosen. */
export function schemaAt(node: SchemaNode | undefined, path: Path, value: unknown): SchemaNode | undefined {
  let current = node
  let held = value
  for (const segment of path) {
    if (!current) return undefined
    const branch = chosenBranch(current, segment, held)
    current = typeof segment === 'number' ? branch?.items : (branch?.properties?.[segment] ?? (branch?.additionalProperties || undefined))
    held = (held as Record<string | number, unknown> | null | undefined)?.[segment]
  }
  return current
}

/** The names that a map at this node may hold; none when it takes any. */
export function knownNames(node: SchemaNode | undefined, value: unknown): readonly string[] {
  if (!node) return []
  const chosen = branches(node).find((branch) => isDiscriminated(branch, value))
  return (chosen ? [chosen] : branches(node)).flatMap(({ properties = {} }) => Object.keys(properties))
}

function chosenBranch(node: SchemaNode, segment: string | number, value: unknown): SchemaNode | undefined {
  const all = branches(node)
  return all.length === 1 ? all[0] : (all.find((branch) => isDiscriminated(branch, value)) ?? all.find((branch) => leadsTo(branch, segment)))
}

/** Whether a field of the value has the one value that the branch allows there: `kind: tracker`. */
function isDiscriminated(branch: SchemaNode, value: unknown): boolean {
  const fields = Object.entries(branch.properties ?? {}).filter(([, field]) => field.const !== undefined)
  return fields.some(([name, field]) => (value as Record<string, unknown> | null | undefined)?.[name] === field.const)
}

function leadsTo(branch: SchemaNode, segment: string | number): boolean {
  return typeof segment === 'number' ? branch.items !== undefined : branch.properties?.[segment] !== undefined
}

function bounds({ minimum, maximum, exclusiveMinimum }: SchemaNode): string {
  // Zod states the range of exact integers where a field has no limit of its own.
  const low = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined
  const high = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}${high === undefined ? '' : ` up to ${high}`}`
  if (low !== undefined && high !== undefined) return ` from ${low} to ${high}`
  if (low !== undefined) return ` of at least ${low}`
  return high === undefined ? '' : ` of at most ${high}`
}

function entries({ minItems, maxItems }: SchemaNode): string {
  if (maxItems !== undefined) return ` of ${minItems ?? 0} to ${maxItems} entries`
  return minItems === undefined ? '' : minItems === 1 ? ' of at least one entry' : ` of at least ${minItems} entries`
}
