import type { ExecutionStatus } from '../../ports/events.ts'
import { ABORT_COUNTS_RETRIED_FAILURES, FIRST_EXECUTION_NUMBER } from './choices.ts'
import { Execution, isTerminal, ThingExecutions } from './execution.ts'
import type { Job } from './job.ts'
import { withExecution, withoutExecution } from './pending.ts'

/** Every execution, by job and by thing, with the counters of the jobs. It keeps the books and decides nothing. */
export class ExecutionBook {
  readonly #things = new Map<string, ThingExecutions>()
  #sequence = 0

  thing(name: string): ThingExecutions | undefined {
    return this.#things.get(name)
  }

  /** The books of a thing, begun if need be. */
  thingNamed(name: string): ThingExecutions {
    const known = this.#things.get(name)
    if (known) return known
    const thing = new ThingExecutions(name)
    this.#things.set(name, thing)
    return thing
  }

  /** A new QUEUED execution: the first one of this thing at this job, or the one after its latest. */
  open(job: Job, thing: ThingExecutions, retryAttempt: number, nowMs: number): Execution {
    const previous = thing.of(job)
    const number = Math.max(previous?.number ?? FIRST_EXECUTION_NUMBER - 1, job.deletedNumbers?.get(thing.name) ?? 0) + 1
    const execution = new Execution(job, thing, number, retryAttempt, Math.floor(nowMs / 1000), ++this.#sequence, previous)
    this.enter(execution)
    return execution
  }

  /** An execution that is newer than all others. */
  enter(execution: Execution): void {
    const { job, thing, previous } = execution
    this.#sequence = execution.sequence
    count(previous, -1)
    count(execution, 1)
    job.executions.push(execution)
    thing.latest = previous ? [...withoutExecution(thing.latest, previous), execution] : [...thing.latest, execution]
    this.list(execution)
  }

  /** Puts a pending execution into the list of its thing, or takes it out, as its job says. */
  list(execution: Execution): void {
    const { job, thing } = execution
    const pending = withoutExecution(thing.pending, execution)
    thing.pending = job.isListed && !isTerminal(execution.status) ? withExecution(pending, execution) : pending
  }

  /** Moves a pending execution on to IN_PROGRESS or to a terminal status. */
  move(execution: Execution, status: ExecutionStatus, nowMs: number): void {
    const { thing } = execution
    count(execution, -1)
    execution.status = status
    count(execution, 1)
    const second = Math.floor(nowMs / 1000)
    execution.lastUpdatedAt = second
    if (isTerminal(status)) {
      execution.timers = undefined
      thing.pending = withoutExecution(thing.pending, execution)
    } else {
      execution.startedAt = second
      if (thing.pending.length > 1 && execution.job.isListed) thing.pending = withExecution(withoutExecution(thing.pending, execution), execution)
    }
  }

  /** Takes an execution out of the books; the attempt before it, if any, becomes the latest again. */
  erase(execution: Execution): void {
    const { thing, job } = execution
    execution.deleted = true
    const latest = thing.of(job)
    if (latest !== execution) return unlink(latest, execution)
    const { previous } = execution
    count(execution, -1)
    count(previous, 1)
    thing.pending = withoutExecution(thing.pending, execution)
    thing.latest = previous ? thing.latest.map((other) => (other === execution ? previous : other)) : withoutExecution(thing.latest, execution)
    if (thing.latest.length === 0) this.#things.delete(thing.name)
  }

  clear(): void {
    this.#things.clear()
  }
}

/** Adds a thing to the counters of its job, or takes it off, by its latest execution there. */
function count(latest: Execution | undefined, by: 1 | -1): void {
  if (!latest) return
  latest.job.counts[latest.status] += by
  const outcome = outcomeOf(latest)
  if (outcome) latest.job.outcomes[outcome] += by
}

type Outcome = 'SUCCEEDED' | 'FAILED' | 'REJECTED' | 'TIMED_OUT'

/** How a thing counts for the abort criteria: by its latest execution, and while a retry is pending by the attempt before. */
function outcomeOf(latest: Execution): Outcome | undefined {
  const retried = ABORT_COUNTS_RETRIED_FAILURES && !isTerminal(latest.status) && latest.retryAttempt > 0
  const status = retried && latest.previous ? latest.previous.status : latest.status
  return status === 'SUCCEEDED' || status === 'FAILED' || status === 'REJECTED' || status === 'TIMED_OUT' ? status : undefined
}

/** Takes an earlier attempt out of the chain. */
function unlink(latest: Execution | undefined, execution: Execution): void {
  if (latest) count(latest, -1)
  let later = latest
  while (later && later.previous !== execution) later = later.previous
  if (later) later.previous = execution.previous
  if (latest) count(latest, 1)
}
