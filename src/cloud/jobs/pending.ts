import type { Execution } from './execution.ts'

/** The pending list of a thing with one execution more, in order: IN_PROGRESS first, then QUEUED, each by creation (§1.8). */
export function withExecution(pending: readonly Execution[], execution: Execution): readonly Execution[] {
  if (pending.length === 0) return [execution]
  const at = pending.findIndex((other) => comesBefore(execution, other))
  return at === -1 ? [...pending, execution] : [...pending.slice(0, at), execution, ...pending.slice(at)]
}

/** The list without one execution; the rest keeps its order. The same list, when the execution isn't in it. */
export function withoutExecution(pending: readonly Execution[], execution: Execution): readonly Execution[] {
  if (pending.length === 1) return pending[0] === execution ? EMPTY : pending
  return pending.includes(execution) ? pending.filter((other) => other !== execution) : pending
}

/** Entries of a pending list in an answer or a notification: of jobs with maintenance windows, and of others (§1.8). */
const MAX_LISTED_OF_WINDOWS = 5
const MAX_LISTED = 10

/** As much of the pending list as a device gets to see. */
export function listed(pending: readonly Execution[]): readonly Execution[] {
  if (pending.length <= MAX_LISTED_OF_WINDOWS) return pending
  let ofWindows = 0
  let others = 0
  return pending.filter(({ job }) => (job.windows ? ofWindows++ < MAX_LISTED_OF_WINDOWS : others++ < MAX_LISTED))
}

const EMPTY: readonly Execution[] = []

function comesBefore(one: Execution, other: Execution): boolean {
  const oneRuns = one.status === 'IN_PROGRESS'
  const otherRuns = other.status === 'IN_PROGRESS'
  return oneRuns === otherRuns ? one.sequence < other.sequence : oneRuns
}
