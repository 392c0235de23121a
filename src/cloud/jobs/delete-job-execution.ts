import type { Operation } from '../http/operation.ts'
import { DELETE_QUEUED_WITHOUT_FORCE } from './choices.ts'
import { isTerminal } from './execution.ts'
import { executionOf, flag, invalidState, wholeNumber } from './lookup.ts'

/** A deleted execution leaves every counter of its job. */
export const deleteJobExecution: Operation = {
  service: 'iot',
  name: 'DeleteJobExecution',
  method: 'DELETE',
  path: '/things/{thingName}/jobs/{jobId}/executionNumber/{executionNumber}',
  run(cloud, request) {
    const number = wholeNumber(request.params['executionNumber']!, 'executionNumber')
    const force = flag(request.query, 'force')
    const execution = executionOf(cloud, request, number)
    const isFree = isTerminal(execution.status) || (execution.status === 'QUEUED' && DELETE_QUEUED_WITHOUT_FORCE)
    if (!isFree && !force) throw invalidState(`The execution is ${execution.status} and can only be deleted with force`)
    cloud.jobs.deleteExecution(execution)
  },
}
