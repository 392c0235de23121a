import { AwsError } from '../../errors.ts'
import type { JobExecution, RejectedCode } from '../../protocol/jobs.ts'
import type { Cloud } from '../cloud.ts'
import type { Operation, OperationRequest } from '../http/operation.ts'
import { VERSION_MISMATCH_OVER_HTTP } from '../jobs/choices.ts'
import { executionShape, stateShape } from '../jobs/device-shapes.ts'
import type { Execution } from '../jobs/execution.ts'
import { describeJobExecution } from './describe-job-execution.ts'
import { invalid } from './fields.ts'
import { getPendingJobExecutions } from './get-pending-job-executions.ts'
import { JobsDataError } from './jobs-data-error.ts'
import { startNextPendingJobExecution } from './start-next-pending-job-execution.ts'
import { updateJobExecution } from './update-job-execution.ts'

/** The HTTPS face of the device operations (§2): `thingName` is there, the job document is a string, and nothing echoes a token. */
export const jobsDataOperations: readonly Operation[] = [
  operation('GetPendingJobExecutions', 'GET', '/things/{thingName}/jobs', (cloud, { params }) =>
    getPendingJobExecutions(cloud, params['thingName']!),
  ),
  operation('StartNextPendingJobExecution', 'PUT', '/things/{thingName}/jobs/$next', (cloud, { params, body }) =>
    executionMember(cloud, startNextPendingJobExecution(cloud, params['thingName']!, body), true),
  ),
  operation('DescribeJobExecution', 'GET', '/things/{thingName}/jobs/{jobId}', (cloud, { params, query }) => {
    const fields = { includeJobDocument: queryFlag(query, 'includeJobDocument'), executionNumber: query.get('executionNumber') ?? undefined }
    const { execution, includeJobDocument } = describeJobExecution(cloud, params['thingName']!, params['jobId']!, fields)
    return executionMember(cloud, execution, includeJobDocument)
  }),
  operation('UpdateJobExecution', 'POST', '/things/{thingName}/jobs/{jobId}', (cloud, { params, body }) => {
    const { execution, includeJobExecutionState, includeJobDocument } = updateJobExecution(cloud, params['thingName']!, params['jobId']!, body)
    return {
      ...(includeJobExecutionState && { executionState: stateShape(execution) }),
      ...(includeJobDocument && { jobDocument: cloud.jobs.documentFor(execution) }),
    }
  }),
]

function operation(name: string, method: Operation['method'], path: string, run: (cloud: Cloud, request: OperationRequest) => object): Operation {
  return {
    service: 'iot-jobs-data',
    name,
    method,
    path,
    run(cloud, request) {
      try {
        return run(cloud, request)
      } catch (error) {
        throw error instanceof JobsDataError ? awsError(error) : error
      }
    },
  }
}

function executionMember(cloud: Cloud, execution: Execution | undefined, withDocument: boolean): object {
  if (!execution) return {}
  const { jobId, ...rest }: JobExecution = executionShape(execution, cloud.clock.now())
  const document = withDocument ? { jobDocument: cloud.jobs.documentFor(execution) } : {}
  return { execution: { jobId, thingName: execution.thing.name, ...rest, ...document } }
}

function queryFlag(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (text === 'true' || text === 'false') return text === 'true'
  throw invalid(`${name} must be true or false`)
}

const EXCEPTIONS: Readonly<Record<RejectedCode, { readonly name: string; readonly status: number }>> = {
  InvalidTopic: { name: 'InvalidRequestException', status: 400 },
  InvalidJson: { name: 'InvalidRequestException', status: 400 },
  InvalidRequest: { name: 'InvalidRequestException', status: 400 },
  InvalidStateTransition: { name: 'InvalidStateTransitionException', status: 409 },
  ResourceNotFound: { name: 'ResourceNotFoundException', status: 404 },
  VersionMismatch: VERSION_MISMATCH_OVER_HTTP,
  InternalError: { name: 'ServiceUnavailableException', status: 503 },
  RequestThrottled: { name: 'ThrottlingException', status: 429 },
  TerminalStateReached: { name: 'TerminalStateException', status: 410 },
}

/** A wrong version has no exception of its own, so the message says what it is (§2.3). */
function awsError({ code, message, executionState }: JobsDataError): AwsError {
  const { name, status } = EXCEPTIONS[code]
  const text = code === 'VersionMismatch' ? `VersionMismatch: ${message}` : message
  return new AwsError(name, status, text, executionState && { executionState })
}
