import { AwsError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import type { OperationRequest } from '../http/operation.ts'
import { MAX_ACTIVE_JOBS } from './choices.ts'
import { constrained, invalidRequest } from './constraints.ts'
import type { ArnScope } from './control-shapes.ts'
import type { JobsEngine } from './engine.ts'
import { attempt, type Execution } from './execution.ts'
import type { Job, TargetSelection } from './job.ts'
import { jobIdMember } from './job-schema.ts'

/** Jobs that are DELETION_IN_PROGRESS. */
const MAX_DELETIONS = 10

/** What the path of a request names, or AwsError. */

export function jobOf(cloud: Cloud, { params, query }: OperationRequest): Job {
  const jobId = jobIdOf(params)
  const job = cloud.jobs.job(jobId)
  return job && isInNamespace(job, query) ? job : notFound(`Job ${jobId} cannot be found`)
}

/** Whether the job belongs to the `namespaceId` of the query, when there is one. */
export function isInNamespace(job: Job, query: URLSearchParams): boolean {
  const namespaceId = query.get('namespaceId')
  return namespaceId === null || job.namespaceId === namespaceId
}

/** The job id of the path, when it may be one. */
export function jobIdOf(params: OperationRequest['params']): string {
  return constrained(jobIdMember, params).jobId
}

/** The execution of a thing at a job: the one with this number, or the latest. */
export function executionOf(cloud: Cloud, request: OperationRequest, number: number | undefined): Execution {
  const { jobId, thingName } = request.params
  const job = jobOf(cloud, request)
  const latest = cloud.jobs.thing(thingName!)?.of(job)
  const execution = number === undefined ? latest : attempt(latest, number)
  return execution ?? notFound(`Job ${jobId} has no such execution for thing ${thingName}`)
}

export function scopeOf(cloud: Cloud, { region }: OperationRequest): ArnScope {
  return { region, account: cloud.account }
}

/** A flag of the query: `true` or `false`, false when absent. */
export function flag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name)
  if (text === null || text === 'false') return false
  if (text === 'true') return true
  throw invalidRequest(`${name} must be true or false, got ${text}`)
}

/** A whole number of the path or the query. */
export function wholeNumber(text: string, name: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw invalidRequest(`${name} must be a whole number, got ${text}`)
}

/** One word of a list in the query, or undefined when absent. */
export function word<Word extends string>(query: URLSearchParams, name: string, words: readonly Word[]): Word | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  const known = words.find((candidate) => candidate === text)
  if (known !== undefined) return known
  throw invalidRequest(
    `1 validation error detected: Value '${text}' at '${name}' failed to satisfy constraint: Member must satisfy enum value set: [${words.join(', ')}]`,
  )
}

/** Throws LimitExceededException when the account has as many active jobs of this kind as it may have. */
export function checkActiveJobs(jobs: JobsEngine, targetSelection: TargetSelection): void {
  let active = 0
  for (const job of jobs.jobs()) if (job.isActive && job.targetSelection === targetSelection) active++
  if (active >= MAX_ACTIVE_JOBS)
    throw new AwsError('LimitExceededException', 410, `At most ${MAX_ACTIVE_JOBS} active ${targetSelection} jobs are allowed`)
}

/** Throws LimitExceededException when as many jobs are being deleted as may be at one time. */
export function checkDeletions(jobs: JobsEngine): void {
  let deleting = 0
  for (const job of jobs.jobs()) if (job.status === 'DELETION_IN_PROGRESS') deleting++
  if (deleting >= MAX_DELETIONS) throw new AwsError('LimitExceededException', 410, `At most ${MAX_DELETIONS} jobs are deleted at one time`)
}

export function invalidState(message: string): AwsError {
  return new AwsError('InvalidStateTransitionException', 409, message)
}

function notFound(message: string): never {
  throw new AwsError('ResourceNotFoundException', 404, message)
}
