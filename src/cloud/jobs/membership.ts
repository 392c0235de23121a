import type { RegistryView } from '../context.ts'
import { REJOINING_RESTARTS_FINISHED } from './choices.ts'
import { type Execution, isTerminal } from './execution.ts'
import type { Target } from './targets.ts'

/** Whether a thing is, or is in, one of the targets. */
export function isTarget(targets: readonly Target[], thing: string, registry: RegistryView): boolean {
  return targets.some(({ kind, name }) => (kind === 'thing' ? name === thing : registry.isMember(thing, name)))
}

/** The things of each target as they are now, in order; a thing in several targets appears once. */
export function* members(targets: readonly Target[], registry: RegistryView): Iterable<{ arn: string; things: string[] }> {
  const seen = targets.length > 1 ? new Set<string>() : undefined
  for (const { arn, kind, name } of targets) {
    const things = [...(kind === 'thing' ? [name] : registry.thingsIn(name))]
    yield { arn, things: seen ? things.filter((thing) => !seen.has(thing) && seen.add(thing)) : things }
  }
}

/** Whether a thing that has become a target gets a new execution: it never had one, or it had left the targets. */
export function startsAnew(latest: Execution | undefined): boolean {
  return !latest || (latest.left && (latest.status === 'REMOVED' || (REJOINING_RESTARTS_FINISHED && isTerminal(latest.status))))
}
