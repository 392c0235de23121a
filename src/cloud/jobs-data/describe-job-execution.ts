import { attempt, type Execution, isTerminal } from '../jobs/execution.ts'
import { type Fields, flagOf, wholeNumberOf } from './fields.ts'
import { JobsDataError } from './jobs-data-error.ts'
import { executionOf, type JobsDataCloud, thingOf } from './things.ts'

/** In place of a job id: the head of the pending list. */
const NEXT = '$next'

export interface DescribedJobExecution {
  /** Undefined when `$next` was asked for and nothing is pending. */
  readonly execution: Execution | undefined
  readonly includeJobDocument: boolean
}

/** The head is described without being started. Throws TerminalStateReached for a named execution that has ended. */
export function describeJobExecution(cloud: JobsDataCloud, thing: string, jobId: string, fields: Fields): DescribedJobExecution {
  const includeJobDocument = flagOf(fields, 'includeJobDocument', true)
  const number = wholeNumberOf(fields, 'executionNumber')
  if (jobId === NEXT) return { execution: thingOf(cloud, thing)?.head, includeJobDocument }
  const latest = executionOf(cloud, thing, jobId)
  const execution = number === undefined ? latest : attempt(latest, number)
  if (!execution) throw new JobsDataError('ResourceNotFound', `Thing ${thing} has no execution ${number} of job ${jobId}`)
  if (isTerminal(execution.status)) throw new JobsDataError('TerminalStateReached', `The execution of job ${jobId} is ${execution.status}`)
  return { execution, includeJobDocument }
}
