/** A feature file in Markdown: each heading of the second level is a scenario, each line that begins with Given, When, Then or And is a step. */
export interface Feature {
  readonly title: string
  /** What it builds on: the list under `needs:` of its background. */
  readonly needs: readonly string[]
  readonly scenarios: readonly Scenario[]
}

interface Scenario {
  readonly title: string
  readonly steps: readonly Step[]
}

export interface Step {
  /** Without its first word. */
  readonly text: string
  /** The JSON of the block that follows it. */
  readonly payload: unknown
}

const BACKGROUND = 'Background'

export function parseFeature(text: string): Feature {
  const [head, ...parts] = text.split(/^## /m)
  const sections = parts.map((part) => ({ title: part.slice(0, part.indexOf('\n')).trim(), body: part.slice(part.indexOf('\n')) }))
  return {
    title: /^# (.+)$/m.exec(head!)?.[1] ?? '',
    needs: sections.filter(({ title }) => title === BACKGROUND).flatMap(({ body }) => [...body.matchAll(/^- (.+)$/gm)].map(([, need]) => need!)),
    scenarios: sections.filter(({ title }) => title !== BACKGROUND).map(({ title, body }) => ({ title, steps: stepsOf(body) })),
  }
}

const STEP = /^(?:Given|When|Then|And) (.+)$(?:\n\n```json\n([\s\S]*?)\n```)?/gm

function stepsOf(body: string): Step[] {
  return [...body.matchAll(STEP)].map(([, text, json]) => ({ text: text!, payload: json === undefined ? undefined : JSON.parse(json) }))
}

/** Replaces `${name}` in every string of a value. */
export function filled<T>(value: T, values: Readonly<Record<string, string>>): T {
  if (typeof value === 'string') return value.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => known(name, values)) as T
  if (Array.isArray(value)) return value.map((item) => filled(item, values)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, values)])) as T
}

function known(name: string, values: Readonly<Record<string, string>>): string {
  const value = values[name]
  if (value === undefined) throw new Error(`nothing is called ${name}; there are ${Object.keys(values).join(', ')}`)
  return value
}
