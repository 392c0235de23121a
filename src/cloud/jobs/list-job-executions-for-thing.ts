import { EXECUTION_STATUSES } from '../../ports/events.ts'
import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { pageRequest, paginate } from '../http/pagination.ts'
import { DEFAULT_PAGE_SIZE, LIST_EVERY_ATTEMPT } from './choices.ts'
import { controlSummary } from './control-shapes.ts'
import type { Execution } from './execution.ts'
import { isInNamespace, word } from './lookup.ts'

/** In order of creation, the attempts of each job included. */
export const listJobExecutionsForThing: Operation = {
  service: 'iot',
  name: 'ListJobExecutionsForThing',
  method: 'GET',
  path: '/things/{thingName}/jobs',
  run(cloud, { params, query }) {
    const thingName = params['thingName']!
    if (!cloud.registry.hasThing(thingName)) throw new AwsError('ResourceNotFoundException', 404, `Thing ${thingName} cannot be found`)
    const status = word(query, 'status', EXECUTION_STATUSES)
    const jobId = query.get('jobId')
    const isListed = (execution: Execution): boolean =>
      (status === undefined || execution.status === status) && (jobId === null || execution.job.id === jobId) && isInNamespace(execution.job, query)
    const executions = attempts(cloud.jobs.thing(thingName)?.latest ?? [])
    const { page, ...rest } = paginate(executions, pageRequest(query), DEFAULT_PAGE_SIZE, isListed)
    return { executionSummaries: page.map((execution) => ({ jobId: execution.job.id, jobExecutionSummary: controlSummary(execution) })), ...rest }
  },
}

function attempts(latest: readonly Execution[]): Execution[] {
  if (!LIST_EVERY_ATTEMPT) return [...latest]
  const all: Execution[] = []
  for (const newest of latest) for (let execution: Execution | undefined = newest; execution; execution = execution.previous) all.push(execution)
  return all.sort((one, other) => one.sequence - other.sequence)
}
