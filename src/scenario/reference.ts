import { OUTCOME_MEASURES, TIMINGS } from '../report/threshold.ts'
import { expectation } from './expectation.ts'
import { branches, scenarioNode } from './json-schema.ts'
import type { SchemaNode } from './json-schema.ts'
import { ABOUT, FAULT_MEANINGS, MEASURE_MEANINGS, THRESHOLD_FORMS, TIMING_MEANINGS } from './reference-text.ts'
import { either } from './words.ts'

/** `docs/scenario.md`: every field of a scenario, from the schema that checks it. */
export function scenarioReference(): string {
  const root = scenarioNode()
  const group = alternatives(root.properties?.['fleet']?.additionalProperties || undefined)
  const link = alternatives(group[0]?.properties?.['link']).find(({ title }) => title === 'conditions')
  const rollouts = alternatives(root.properties?.['rollouts']?.items)
  const image = alternatives(root.properties?.['images']?.additionalProperties || undefined)
  const parts = [
    ABOUT,
    section(
      'The file',
      rows(root, (name) => name === 'time'),
    ),
    ...alternatives(root.properties?.['cloud'])
      .filter(({ properties }) => properties)
      .map((form) => section(`cloud: ${Object.keys(form.properties!)[0]}`, rows(form))),
    ...group.map((kind) => section(`fleet: ${String(kind.properties?.['kind']?.const)}`, rows(kind))),
    section('link: conditions of your own', link ? rows(link) : []),
    section('images', merged(image.map((form) => rows(form)))),
    ...rollouts.map((form) => section(`rollouts: ${Object.keys(form.properties ?? {})[0]}`, rows(form))),
    faultSection(alternatives(root.properties?.['faults']?.items)),
    thresholdSection(),
  ]
  return `${parts.join('\n\n')}\n`
}

type Row = readonly [field: string, type: string, fallback: string, meaning: string]

const alternatives = (node: SchemaNode | undefined) => (node ? branches(node) : [])

function section(title: string, fields: readonly Row[]): string {
  return `## ${title}\n\n${table(['field', 'type', 'default', 'meaning'], fields)}`
}

/** One row a field. Maps are followed by their own fields, unless `descend` says no. */
function rows(node: SchemaNode, descend: (name: string) => boolean = () => true, prefix = ''): Row[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`
    const isRequired = node.required?.includes(name) ?? false
    const row: Row = [code(path), typeOf(field), fallbackOf(field, isRequired), field.description ?? '']
    return descend(name) ? [row, ...merged(within(field).map(([inner, suffix]) => rows(inner, () => true, `${path}${suffix}.`)))] : [row]
  })
}

/** The maps in a field that have a table of their own nowhere else. */
function within(field: SchemaNode): [SchemaNode, suffix: string][] {
  if (field.items) return branches(field.items).flatMap((item) => (item.properties ? [[item, '[]'] as [SchemaNode, string]] : []))
  return branches(field).flatMap((branch) => (branch.properties && branch.title === undefined ? [[branch, ''] as [SchemaNode, string]] : []))
}

/** Forms that differ in a field or two, as one table: what not all of them have is an alternative. */
function merged(forms: readonly (readonly Row[])[]): Row[] {
  const all = new Map(forms.flat().map((row) => [row[0], row]))
  return [...all.values()].map(([field, type, fallback, meaning]) => {
    const isShared = forms.every((form) => form.some(([name]) => name === field))
    return [field, type, isShared ? fallback : 'one of these', meaning]
  })
}

function faultSection(kinds: readonly SchemaNode[]): string {
  const common = rows(kinds[0]!).filter(([field]) => field === code('devices') || field === code('during'))
  const list = kinds.map((kind) => {
    const { required = [] } = kind
    const { do: name, during, devices: _devices, ...options } = kind.properties!
    const fault = String(name!.const)
    const meaning = FAULT_MEANINGS[fault]
    if (meaning === undefined) throw new Error(`the fault ${fault} has no meaning in reference-text.ts`)
    const fields = Object.entries(options).map(
      ([field, node]) => `${code(field)}: ${typeOf(node)}, ${fallbackOf(node, required.includes(field))}. ${node.description ?? ''}`,
    )
    return [code(fault), either((during!.enum ?? [during!.const!]).map(String)), fields.join('<br>') || '–', meaning]
  })
  const fields = common.map(([field, , , meaning]) => `- ${field}: ${meaning}`).join('\n')
  return `## faults\n\n${fields}\n- \`do\`: What happens to them:\n\n${table(['do', 'during (its default first)', 'fields', 'meaning'], list)}`
}

function thresholdSection(): string {
  const measures = OUTCOME_MEASURES.map((name) => [code(name), MEASURE_MEANINGS[name]])
  const timings = TIMINGS.map((name) => [code(name), TIMING_MEANINGS[name]])
  return `## thresholds\n\n${THRESHOLD_FORMS}\n\n${table(['measure', 'which targets'], measures)}\n\n${table(['timing', 'from → to'], timings)}`
}

function typeOf(node: SchemaNode): string {
  if (node.items) return node.items.properties || node.items.anyOf || node.items.oneOf ? 'list of maps' : `list of ${typeOf(node.items)}`
  if (node.anyOf ?? node.oneOf) return either(branches(node).map(typeOf))
  if (node.title !== undefined) return node.title
  if (node.properties) return 'map'
  if (node.additionalProperties) return 'map by name'
  return node.pattern === undefined ? expectation(node).replace(/^a /, '') : nameOfPattern(node.pattern)
}

/** A quantity is known by its pattern, and its pattern by the units in it. */
function nameOfPattern(pattern: string): string {
  if (pattern.includes('(ms|s|m|h|d)')) return 'duration'
  if (pattern.includes('KiB')) return 'size'
  if (pattern.includes('kbit')) return 'rate'
  if (pattern.endsWith('%$')) return 'percentage'
  return pattern.includes('\\.') ? 'version' : 'name'
}

function fallbackOf(node: SchemaNode, isRequired: boolean): string {
  if (isRequired) return 'required'
  if (node.default === undefined || node.default === '' || Array.isArray(node.default)) return '–'
  if (typeof node.default !== 'object' || node.default === null) return code(String(node.default as string | number | boolean))
  if (node.additionalProperties) return '–'
  const fields = Object.entries(node.default).map(([name, value]) => `${name}: ${String(value)}`)
  return fields.length === 0 ? 'as below' : code(`{ ${fields.join(', ')} }`)
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n')
}

function code(text: string): string {
  return `\`${text}\``
}
