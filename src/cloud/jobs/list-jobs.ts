import type { Operation } from '../http/operation.ts'
import { pageRequest, paginate } from '../http/pagination.ts'
import { DEFAULT_PAGE_SIZE } from './choices.ts'
import { invalidRequest } from './constraints.ts'
import { jobSummary } from './control-shapes.ts'
import type { Job } from './job.ts'
import { refuseNamespace, scopeOf, word } from './lookup.ts'

/** The newest job first: the order is not documented. */
export const listJobs: Operation = {
  service: 'iot',
  name: 'ListJobs',
  method: 'GET',
  path: '/jobs',
  run(cloud, request) {
    const { query } = request
    refuseNamespace(query)
    if (query.has('thingGroupId')) throw invalidRequest('Not supported by this cloud: thingGroupId (use thingGroupName)')
    const status = word(query, 'status', ['IN_PROGRESS', 'CANCELED', 'COMPLETED', 'DELETION_IN_PROGRESS', 'SCHEDULED'])
    const targetSelection = word(query, 'targetSelection', ['SNAPSHOT', 'CONTINUOUS'])
    const group = query.get('thingGroupName')
    const isListed = (job: Job): boolean =>
      (status === undefined || job.status === status) &&
      (targetSelection === undefined || job.targetSelection === targetSelection) &&
      (group === null || job.targets.some(({ kind, name }) => kind === 'thinggroup' && name === group))
    const newestFirst = [...cloud.jobs.jobs()].toReversed()
    const { page, ...rest } = paginate(newestFirst, pageRequest(query), DEFAULT_PAGE_SIZE, isListed)
    const scope = scopeOf(cloud, request)
    return { jobs: page.map((job) => jobSummary(scope, job)), ...rest }
  },
}
