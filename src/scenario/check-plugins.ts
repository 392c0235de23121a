import { z } from 'zod'
import type { Draft } from './draft.ts'
import { findingsOf, plainIssues } from './issues.ts'
import type { SchemaNode } from './json-schema.ts'
import type { Finding, Path } from './problem.ts'
import { either } from './words.ts'

/** A user's module, as far as a scenario needs to know it. */
export type Module =
  | { readonly type: 'unusable'; readonly expected: string; readonly found: string }
  | { readonly type: 'fault'; readonly config: z.ZodType; readonly phases: readonly string[] }
  /** `failure` tries a valid config out: what the module throws, on one line. */
  | { readonly type: 'device'; readonly config: z.ZodType; readonly failure: (config: unknown) => string | undefined }

/** The modules of a scenario by what `uses` says of them. */
export type Modules = ReadonlyMap<string, Module>

/** Modules that load, are of the right sort, and take their `config:`. */
export function* checkPlugins({ fleet, faults }: Draft, modules: Modules): Generator<Finding> {
  for (const [name, group] of fleet) {
    if (group?.kind === 'plugin') yield* checkModule(modules.get(group.uses), 'device', group.config, ['fleet', name])
  }
  for (const [i, fault] of faults.entries()) {
    if (fault?.uses === undefined) continue
    const module = modules.get(fault.uses)
    yield* checkModule(module, 'fault', fault.config ?? {}, ['faults', i])
    if (module?.type === 'fault' && !module.phases.includes(fault.during))
      yield { path: ['faults', i, 'during'], expected: either([...module.phases]) }
  }
}

function* checkModule(module: Module | undefined, type: 'device' | 'fault', config: unknown, path: Path): Generator<Finding> {
  const uses = [...path, 'uses']
  if (!module) return
  if (module.type === 'unusable') return yield { path: uses, expected: module.expected, found: module.found }
  if (module.type !== type) return yield { path: uses, expected: `a module that is a ${type}`, found: `a ${module.type}` }
  let parsed
  try {
    parsed = module.config.safeParse(config, plainIssues)
  } catch (error) {
    return yield { path: uses, expected: 'a schema that can check a config', found: error instanceof Error ? error.message : String(error) }
  }
  if (parsed.error) {
    for (const finding of findingsOf(parsed.error.issues, nodeOf(module.config), config))
      yield { ...finding, path: [...path, 'config', ...finding.path] }
    return
  }
  const failure = module.type === 'device' ? module.failure(parsed.data) : undefined
  if (failure !== undefined)
    yield { path: uses, expected: 'firmware(config) that returns a generator function, and plain data from flash(config)', found: failure }
}

function nodeOf(config: z.ZodType): SchemaNode {
  return z.toJSONSchema(config, { target: 'draft-7', io: 'input', unrepresentable: 'any' }) as SchemaNode
}
