import { FOREIGN_STATUS_CODE } from '../jobs/choices.ts'
import { stateShape } from '../jobs/device-shapes.ts'
import { attempt, type DeviceReport, type Execution, isTerminal } from '../jobs/execution.ts'
import { type Fields, flagOf, invalid, statusDetailsOf, stepTimeoutOf, wholeNumberOf } from './fields.ts'
import { JobsDataError } from './jobs-data-error.ts'
import { executionOf, type JobsDataCloud } from './things.ts'

export interface UpdatedJobExecution {
  readonly execution: Execution
  readonly includeJobExecutionState: boolean
  readonly includeJobDocument: boolean
}

/** Checks in the order of §1.6: fields, existence, state, version; then applies. */
export function updateJobExecution(cloud: JobsDataCloud, thing: string, jobId: string, fields: Fields): UpdatedJobExecution {
  const status = statusOf(fields)
  const statusDetails = statusDetailsOf(fields)
  const stepTimeoutInMinutes = stepTimeoutOf(fields, true)
  const expectedVersion = wholeNumberOf(fields, 'expectedVersion')
  const number = wholeNumberOf(fields, 'executionNumber')
  const includeJobExecutionState = flagOf(fields, 'includeJobExecutionState', false)
  const includeJobDocument = flagOf(fields, 'includeJobDocument', false)

  const latest = executionOf(cloud, thing, jobId)
  const execution = number === undefined ? latest : attempt(latest, number)
  if (!execution) throw new JobsDataError('ResourceNotFound', `Thing ${thing} has no execution ${number} of job ${jobId}`)
  if (isTerminal(execution.status))
    throw new JobsDataError('InvalidStateTransition', `The execution is ${execution.status} and cannot become ${status}`, stateShape(execution))
  if (expectedVersion !== undefined && expectedVersion !== execution.version)
    throw new JobsDataError(
      'VersionMismatch',
      `The execution has version ${execution.version}, expected was ${expectedVersion}`,
      stateShape(execution),
    )
  cloud.jobs.report(execution, { status, statusDetails, stepTimeoutInMinutes })
  return { execution, includeJobExecutionState, includeJobDocument }
}

function statusOf(fields: Fields): DeviceReport['status'] {
  const status = fields['status']
  switch (status) {
    case 'IN_PROGRESS':
    case 'SUCCEEDED':
    case 'FAILED':
    case 'REJECTED':
      return status
    case undefined:
    case null:
      throw invalid("Value null at 'status' failed to satisfy constraint: Member must not be null")
    default:
      throw new JobsDataError(FOREIGN_STATUS_CODE, 'status must be one of IN_PROGRESS, SUCCEEDED, FAILED, REJECTED')
  }
}
