import type { z } from 'zod'
import { expectation, knownNames, schemaAt } from './expectation.ts'
import { branches } from './json-schema.ts'
import type { SchemaNode } from './json-schema.ts'
import { formatPath } from './problem.ts'
import type { Finding, Path } from './problem.ts'
import { either, listNames, nearestName } from './words.ts'

/**
 * Zod's issues as findings. A schema that says in words what it takes (units do) keeps its words; for the others the JSON Schema knows.
 * Parse with `plainIssues`, else zod's own English gets in the way.
 */
export function findingsOf(issues: readonly Issue[], schema: SchemaNode, value: unknown): Finding[] {
  const found = issues.flatMap((issue) => fromIssue(issue, { schema, value, path: [] }))
  return withoutEchoes(found)
}

/** An error map for `safeParse`: issues without words of the schema's own have no message. */
export const plainIssues = { error: () => '' }

type Issue = z.core.$ZodIssue

/** Where a list of issues belongs: their paths start at `path`, `schema` and `value` are the ones there. */
interface Place {
  readonly schema: SchemaNode | undefined
  readonly value: unknown
  readonly path: Path
}

interface Draft extends Finding {
  /** The path of the field that was meant, when this is a misspelt name. */
  readonly meant?: string
  /** Whether the field is required and not there. */
  readonly missing?: boolean
}

function fromIssue(issue: Issue, place: Place): Draft[] {
  const inner = issue.path.map((segment) => (typeof segment === 'symbol' ? String(segment) : segment))
  const here: Place = {
    path: [...place.path, ...inner],
    schema: schemaAt(place.schema, inner, place.value),
    value: valueAt(place.value, inner),
  }
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownName(key, here))
  if (issue.code === 'invalid_union') return issue.errors.length === 0 ? [noSuchKind(issue, here)] : fromUnion(issue.errors, here)
  if (issue.code === 'invalid_key') {
    return [{ path: here.path, at: 'key', expected: issue.issues[0]?.message || 'another name', found: JSON.stringify(here.path.at(-1)) }]
  }
  return [{ path: here.path, expected: issue.message || expectation(here.schema), missing: here.value === undefined }]
}

function unknownName(key: string, { path, schema, value }: Place): Draft {
  const known = knownNames(schema, value)
  const meant = nearestName(
    key,
    known.filter((name) => valueAt(value, [name]) === undefined),
  )
  const none = known.length === 0 ? 'no field at all' : `one of ${listNames(known)}`
  const expected = meant === undefined ? none : `a name that is known here (perhaps ${meant})`
  return {
    path: [...path, key],
    at: 'key',
    expected,
    found: JSON.stringify(key),
    ...(meant === undefined ? {} : { meant: formatPath([...path, meant]) }),
  }
}

/** `kind: trackerr`, `do: explode`. */
function noSuchKind(issue: Issue, { path, value }: Place): Draft {
  const options = ((issue as { options?: readonly unknown[] }).options ?? []).map(String)
  const meant = typeof value === 'string' ? nearestName(value, options) : undefined
  return { path, expected: `${either(options)}${meant === undefined ? '' : ` (perhaps ${meant})`}`, missing: value === undefined }
}

/** Of several forms that a value may have, the one that its writer had in mind: the one whose fields fit best. */
function fromUnion(errors: readonly (readonly Issue[])[], place: Place): Draft[] {
  const forms = errors.map((issues, i) => ({
    issues,
    schema: place.schema ? branches(place.schema)[i] : undefined,
    misfit: misfit(issues, place.value),
  }))
  const fewest = Math.min(...forms.map((form) => form.misfit))
  if (fewest === Infinity) return [noSuchForm(forms, place)]
  const closest = forms.filter((form) => form.misfit === fewest)
  const drafts = closest.map(({ issues, schema }) => issues.flatMap((issue) => fromIssue(issue, { ...place, schema })))
  if (closest.length === 1) return drafts[0]!
  return drafts.find((form) => form.some(({ meant }) => meant !== undefined)) ?? [undecided(drafts, place)]
}

function noSuchForm(forms: readonly { issues: readonly Issue[]; schema: SchemaNode | undefined }[], { path, value }: Place): Draft {
  const expected = forms.map(({ issues, schema }) => issues.find(isAboutAllOf)?.message || expectation(schema))
  return { path, expected: either(expected), missing: value === undefined }
}

/** `{ version }` of an image with neither size nor file, or a rollout that is neither job nor firmwareImage, or is both. */
function undecided(forms: readonly (readonly Draft[])[], { path }: Place): Draft {
  const names = (pick: (draft: Draft) => boolean | undefined) => [
    ...new Set(forms.flatMap((form) => form.filter((draft) => pick(draft)).map(({ path: at }) => String(at.at(-1))))),
  ]
  const missing = names((draft) => draft.missing)
  if (missing.length > 0) return { path, expected: either(missing) }
  const excess = names((draft) => draft.at === 'key')
  return { path, expected: `either ${excess.join(' or ')}`, found: `both ${excess.join(' and ')}` }
}

/** How badly a form fits: not at all, or how many of its fields are missing or unknown, and only then what is wrong inside them. */
function misfit(issues: readonly Issue[], value: unknown): number {
  if (issues.some(isAboutAllOf)) return Infinity
  const unknown = issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys.length : 0), 0)
  const missing = issues.filter(({ path }) => path.length === 1 && valueAt(value, path as Path) === undefined).length
  return unknown + missing + Math.min(0.9, issues.length / 1000)
}

function isAboutAllOf(issue: Issue): boolean {
  return issue.path.length === 0 && issue.code !== 'unrecognized_keys'
}

/** `siz: 240KiB` is one problem: that `size` is missing follows from it. */
function withoutEchoes(drafts: readonly Draft[]): Finding[] {
  const meant = new Set(drafts.flatMap((draft) => draft.meant ?? []))
  return drafts
    .filter((draft) => !(draft.missing && meant.has(formatPath(draft.path))))
    .map(({ meant: _meant, missing, ...finding }) => (missing && finding.found === undefined ? { ...finding, found: 'nothing' } : finding))
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((held, segment) => (held as Record<string | number, unknown> | null | undefined)?.[segment], value)
}
