import type { Payload } from '../../ports/mqtt.ts'
import type { Rejected } from '../../protocol/jobs.ts'
import { afterBug } from '../bug.ts'
import { invalidTopicAnswer } from '../jobs/choices.ts'
import { executionJson, stateShape } from '../jobs/device-shapes.ts'
import type { Execution } from '../jobs/execution.ts'
import { describeJobExecution } from './describe-job-execution.ts'
import { type Fields, invalid } from './fields.ts'
import { getPendingJobExecutions } from './get-pending-job-executions.ts'
import { JobsDataError } from './jobs-data-error.ts'
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
  const segments = topic.split('/')
  if (segments[0] !== '$aws' || segments[1] !== 'things' || segments[3] !== 'jobs' || isServiceTopic(segments)) return undefined
  const call = route(segments)
  const timestamp = Math.floor(cloud.clock.now() / 1000)
  let clientToken: string | undefined
  try {
    if (!call) throw new JobsDataError('InvalidTopic', `${topic} is not the topic of a jobs operation`)
    const fields = parse(payload)
    clientToken = tokenOf(fields)
    if (cloud.limits && !cloud.limits.admit(`iot-jobs-data:${call.operation}`)) throw new JobsDataError('RequestThrottled', 'Rate exceeded')
    const members = call.run(cloud, segments[2]!, segments[4]!, fields)
    const token = clientToken === undefined ? '' : `"clientToken":${JSON.stringify(clientToken)},`
    return { operation: call.operation, code: 'ok', topic: `${topic}/accepted`, payload: `{${token}"timestamp":${timestamp}${members}}` }
  } catch (error) {
    const refusal = error instanceof JobsDataError ? error : afterBug(cloud, error, new JobsDataError('InternalError', 'Internal error'))
    return {
      operation: call?.operation ?? 'Unknown',
      code: refusal.code,
      topic: call ? `${topic}/rejected` : invalidTopicAnswer(topic),
      payload: rejection(refusal, clientToken, timestamp),
    }
  }
}

interface Call {
  readonly operation: string
  /** The members of the answer after `timestamp`, as JSON text with leading commas. */
  run(cloud: JobsDataCloud, thing: string, jobId: string, fields: Fields): string
}

const GET_PENDING: Call = {
  operation: 'GetPendingJobExecutions',
  run: (cloud, thing) => `,${JSON.stringify(getPendingJobExecutions(cloud, thing)).slice(1, -1)}`,
}

const START_NEXT: Call = {
  operation: 'StartNextPendingJobExecution',
  run: (cloud, thing, _jobId, fields) => executionMember(cloud, startNextPendingJobExecution(cloud, thing, fields), true),
}

const DESCRIBE: Call = {
  operation: 'DescribeJobExecution',
  run(cloud, thing, jobId, fields) {
    const { execution, includeJobDocument } = describeJobExecution(cloud, thing, jobId, fields)
    return executionMember(cloud, execution, includeJobDocument)
  },
}

const UPDATE: Call = {
  operation: 'UpdateJobExecution',
  run(cloud, thing, jobId, fields) {
    const { execution, includeJobExecutionState, includeJobDocument } = updateJobExecution(cloud, thing, jobId, fields)
    const state = includeJobExecutionState ? `,"executionState":${JSON.stringify(stateShape(execution))}` : ''
    return includeJobDocument ? `${state},"jobDocument":${cloud.jobs.documentFor(execution)}` : state
  },
}

/** By the number of segments, so that a job may be called `get` or `update` (§1.1). */
function route(segments: readonly string[]): Call | undefined {
  if (segments.length === 5) {
    if (segments[4] === 'get') return GET_PENDING
    if (segments[4] === 'start-next') return START_NEXT
  }
  if (segments.length === 6) {
    if (segments[5] === 'get') return DESCRIBE
    if (segments[5] === 'update') return UPDATE
  }
  return undefined
}

const SERVICE_WORDS = new Set(['accepted', 'rejected', 'notify', 'notify-next'])

function isServiceTopic(segments: readonly string[]): boolean {
  return SERVICE_WORDS.has(segments.at(-1)!)
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** No bytes at all are a request without members: real devices ask so for their jobs. */
function parse(payload: Payload): Fields {
  if (payload.length === 0) return {}
  let fields: unknown
  try {
    fields = JSON.parse(typeof payload === 'string' ? payload : UTF8.decode(payload))
  } catch {
    throw new JobsDataError('InvalidJson', 'The payload is not valid JSON')
  }
  if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) return fields as Fields
  throw invalid('The payload must be a JSON object')
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
