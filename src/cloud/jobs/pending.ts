import type { Execution } from './execution.ts'

/** The pending list of a thing with one execution more, in order: IN_PROGRESS first, then QUEUED, each by creation (§1.8). */
export function withExecution(pending: readonly Execution[], execution: Execution): readonly Execution[] {
  if (pending.length === 0) return [execution]
  const at = pending.findIndex((other) => comesBefore(execution, other))
  return at === -1 ? [...pending, execution] : [...pending.slice(0, at), execution, ...pending.slice(at)]
}

/** The list without one execution; the rest keeps its order. */
export function withoutExecution(pending: readonly Execution[], execution: Execution): readonly Execution[] {
  if (pending.length === 1 && pending[0] === execution) return EMPTY
  return pending.filter((other) => other !== execution)
}

const EMPTY: readonly Execution[] = []

function comesBefore(one: Execution, other: Execution): boolean {
  const oneRuns = one.status === 'IN_PROGRESS'
  const otherRuns = other.status === 'IN_PROGRESS'
  return oneRuns === otherRuns ? one.sequence < other.sequence : oneRuns
}
