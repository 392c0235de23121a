import type { Payload } from '../../ports/mqtt.ts'
import type { Rejected } from '../../protocol/jobs.ts'
import { afterBug } from '../bug.ts'
import { invalidTopicAnswer } from '../jobs/choices.ts'
import { executionJson, stateShape } from '../jobs/device-shapes.ts'
import type { Execution } from '../jobs/execution.ts'
import { parseBody } from './body.ts'
import { describeJobExecution } from './describe-job-execution.ts'
import { type Fields, invalid } from './fields.ts'
import { getPendingJobExecutions } from './get-pending-job-executions.ts'
import { JobsDataError } from './jobs-data-error.ts'
import { type JobsOperation, parseJobsTopic } from './jobs-topic.ts'
import { startNextPendingJobExecution } from './start-next-pending-job-execution.ts'
import type { JobsDataCloud } from './things.ts'
import { updateJobExecution } from './update-job-execution.ts'

/** The MQTT face of the device operations (§1). Times are whole seconds, `thingName` is left out, and the job document is an object. */

export interface JobsAnswer {
  /** AWS's name of the operation; `Unknown` for a topic that names none. */
  readonly operation: string
  /** `ok`, or a RejectedCode. */
  readonly code: string
  /** Goes to the client that asked, subscribed or not, and to nobody else (§1.3). */
  readonly topic: string
  readonly payload: string
}

/** Answers a device's request; undefined when the topic is none of the jobs namespace, or one that only the service publishes to. */
export function jobsRequest(cloud: JobsDataCloud, topic: string, payload: Payload): JobsAnswer | undefined {
  const parsed = parseJobsTopic(topic)
  if (!parsed) return undefined
  const { thing, jobId, operation } = parsed
  const timestamp = Math.floor(cloud.clock.now() / 1000)
  let clientToken: string | undefined
  try {
    if (!operation) throw new JobsDataError('InvalidTopic', `${topic} is not the topic of a jobs operation`)
    const fields = parseBody(payload)
    clientToken = tokenOf(fields)
    if (cloud.limits && !cloud.limits.admit(`iot-jobs-data:${operation}`)) throw new JobsDataError('RequestThrottled', 'Rate exceeded')
    const members = CALLS[operation](cloud, thing, jobId, fields)
    const token = clientToken === undefined ? '' : clientToken === '' ? '"clientToken":"",' : `"clientToken":${JSON.stringify(clientToken)},`
    return { operation, code: 'ok', topic: `${topic}/accepted`, payload: `{${token}"timestamp":${timestamp}${members}}` }
  } catch (error) {
    const refusal = error instanceof JobsDataError ? error : afterBug(cloud, error, new JobsDataError('InternalError', 'Internal error'))
    return {
      operation: operation ?? 'Unknown',
      code: refusal.code,
      topic: operation ? `${topic}/rejected` : invalidTopicAnswer(topic),
      payload: rejection(refusal, clientToken, timestamp),
    }
  }
}

/** The members of the answer after `timestamp`, as JSON text with leading commas. */
type Call = (cloud: JobsDataCloud, thing: string, jobId: string, fields: Fields) => string

const CALLS: Readonly<Record<JobsOperation, Call>> = {
  GetPendingJobExecutions: (cloud, thing) => `,${JSON.stringify(getPendingJobExecutions(cloud, thing)).slice(1, -1)}`,
  StartNextPendingJobExecution: (cloud, thing, _jobId, fields) => executionMember(cloud, startNextPendingJobExecution(cloud, thing, fields), true),
  DescribeJobExecution(cloud, thing, jobId, fields) {
    const { execution, includeJobDocument } = describeJobExecution(cloud, thing, jobId, fields)
    return executionMember(cloud, execution, includeJobDocument)
  },
  UpdateJobExecution(cloud, thing, jobId, fields) {
    const { execution, includeJobExecutionState, includeJobDocument } = updateJobExecution(cloud, thing, jobId, fields)
    const state = includeJobExecutionState ? `,"executionState":${JSON.stringify(stateShape(execution))}` : ''
    return includeJobDocument ? `${state},"jobDocument":${cloud.jobs.documentFor(execution)}` : state
  },
}

function tokenOf(fields: Fields): string | undefined {
  const token = fields['clientToken']
  if (token === undefined || typeof token === 'string') return token
  throw invalid('clientToken must be a string')
}

/** No member at all when nothing is pending. */
function executionMember(cloud: JobsDataCloud, execution: Execution | undefined, withDocument: boolean): string {
  if (!execution) return ''
  const document = withDocument ? cloud.jobs.documentFor(execution) : undefined
  return `,"execution":${executionJson(execution, cloud.clock.now(), document)}`
}

function rejection({ code, message, executionState }: JobsDataError, clientToken: string | undefined, timestamp: number): string {
  const rejected: Rejected = { code, message, timestamp }
  if (clientToken !== undefined) rejected.clientToken = clientToken
  if (executionState) rejected.executionState = executionState
  return JSON.stringify(rejected)
}
