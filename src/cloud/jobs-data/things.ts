import type { CloudContext } from '../context.ts'
import type { JobsEngine } from '../jobs/engine.ts'
import type { Execution, ThingExecutions } from '../jobs/execution.ts'
import { JobsDataError } from './jobs-data-error.ts'

/** What the device operations work on; `Cloud` is one. */
export type JobsDataCloud = CloudContext & { readonly jobs: JobsEngine }

const JOB_ID = /^[a-zA-Z0-9_-]{1,64}$/

/** What a thing has to do, undefined when it never had anything. Throws ResourceNotFound for an unknown thing. */
export function thingOf(cloud: JobsDataCloud, thing: string): ThingExecutions | undefined {
  const executions = cloud.jobs.thing(thing)
  if (!executions && !cloud.registry.hasThing(thing)) throw new JobsDataError('ResourceNotFound', `Thing ${thing} does not exist`)
  return executions
}

/** The latest execution of a thing at a job. Throws InvalidRequest, ResourceNotFound. */
export function executionOf(cloud: JobsDataCloud, thing: string, jobId: string): Execution {
  const job = cloud.jobs.job(jobId)
  if (!job && !JOB_ID.test(jobId)) throw new JobsDataError('InvalidRequest', `'${jobId}' is no job id`)
  const executions = thingOf(cloud, thing)
  const execution = job && executions?.of(job)
  if (!execution) throw new JobsDataError('ResourceNotFound', `Thing ${thing} has no execution of job ${jobId}`)
  return execution
}
