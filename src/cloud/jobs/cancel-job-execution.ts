import { z } from 'zod'
import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { CANCEL_VERSION_MISMATCH } from './choices.ts'
import { constrained, invalidRequest } from './constraints.ts'
import { isTerminal, type StatusDetails } from './execution.ts'
import { executionOf, flag, invalidState } from './lookup.ts'
import { statusDetailsProblem } from './status-details.ts'

const cancelExecutionRequest = z.object({ expectedVersion: z.int().optional() })

/** A QUEUED execution; with `force` also one that is IN_PROGRESS. */
export const cancelJobExecution: Operation = {
  service: 'iot',
  name: 'CancelJobExecution',
  method: 'PUT',
  path: '/things/{thingName}/jobs/{jobId}/cancel',
  run(cloud, request) {
    const { expectedVersion } = constrained(cancelExecutionRequest, request.body)
    const statusDetails = request.body['statusDetails']
    const problem = statusDetails === undefined ? undefined : statusDetailsProblem(statusDetails)
    if (problem) throw invalidRequest(problem)
    const force = flag(request.query, 'force')
    const execution = executionOf(cloud, request, undefined)
    const { status, version } = execution
    if (isTerminal(status)) throw invalidState(`The execution is ${status} and cannot be canceled`)
    if (status === 'IN_PROGRESS' && !force) throw invalidState('The execution is IN_PROGRESS and can only be canceled with force')
    if (expectedVersion !== undefined && expectedVersion !== version)
      throw new AwsError(
        CANCEL_VERSION_MISMATCH.name,
        CANCEL_VERSION_MISMATCH.status,
        `The execution has version ${version}, expected was ${expectedVersion}`,
      )
    cloud.jobs.cancelExecution(execution, force, statusDetails as StatusDetails | undefined)
  },
}
