import { EXECUTION_STATUSES } from '../../ports/events.ts'
import { type Operation, RawAnswer } from '../http/operation.ts'
import { pageRequest, paginate } from '../http/pagination.ts'
import { DEFAULT_PAGE_SIZE, LIST_EVERY_ATTEMPT } from './choices.ts'
import { controlSummaryJson, thingArn } from './control-shapes.ts'
import type { Execution } from './execution.ts'
import { jobOf, scopeOf, word } from './lookup.ts'

/** In order of creation; a thing that was retried appears once for each attempt. Written as text: a rollout to a million things is read page by page. */
export const listJobExecutionsForJob: Operation = {
  service: 'iot',
  name: 'ListJobExecutionsForJob',
  method: 'GET',
  path: '/jobs/{jobId}/things',
  run(cloud, request) {
    const job = jobOf(cloud, request)
    const status = word(request.query, 'status', EXECUTION_STATUSES)
    const isListed = (execution: Execution): boolean =>
      !execution.deleted && (status === undefined || execution.status === status) && (LIST_EVERY_ATTEMPT || execution.thing.of(job) === execution)
    const { page, nextToken } = paginate(job.executions, pageRequest(request.query), DEFAULT_PAGE_SIZE, isListed)
    const arnOfThings = thingArn(scopeOf(cloud, request), '')
    const summaries = page.map(
      (execution) => `{"thingArn":"${arnOfThings}${execution.thing.name}","jobExecutionSummary":${controlSummaryJson(execution)}}`,
    )
    const next = nextToken === undefined ? '' : `,"nextToken":"${nextToken}"`
    return new RawAnswer(`{"executionSummaries":[${summaries.join()}]${next}}`, 'application/json')
  },
}
