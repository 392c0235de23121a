import type { Operation } from '../http/operation.ts'
import { pageRequest, paginate } from '../http/pagination.ts'
import { DEFAULT_PAGE_SIZE } from './choices.ts'
import { jobSummary } from './control-shapes.ts'
import type { Job } from './job.ts'
import { isInNamespace, scopeOf, word } from './lookup.ts'

/** The newest job first: the order is not documented. */
export const listJobs: Operation = {
  service: 'iot',
  name: 'ListJobs',
  method: 'GET',
  path: '/jobs',
  run(cloud, request) {
    const { query } = request
    const status = word(query, 'status', ['IN_PROGRESS', 'CANCELED', 'COMPLETED', 'DELETION_IN_PROGRESS', 'SCHEDULED'])
    const targetSelection = word(query, 'targetSelection', ['SNAPSHOT', 'CONTINUOUS'])
    const group = query.get('thingGroupName')
    const groupId = query.get('thingGroupId')
    const isListed = (job: Job): boolean =>
      isInNamespace(job, query) &&
      (status === undefined || job.status === status) &&
      (targetSelection === undefined || job.targetSelection === targetSelection) &&
      (group === null || targetsGroup(job, (name) => name === group)) &&
      (groupId === null || targetsGroup(job, (name) => cloud.registry.idOf('thinggroup', name) === groupId))
    const newestFirst = [...cloud.jobs.jobs()].toReversed()
    const { page, ...rest } = paginate(newestFirst, pageRequest(query), DEFAULT_PAGE_SIZE, isListed)
    const scope = scopeOf(cloud, request)
    return { jobs: page.map((job) => jobSummary(scope, job)), ...rest }
  },
}

function targetsGroup(job: Job, isIt: (group: string) => boolean): boolean {
  return job.targets.some(({ kind, name }) => kind === 'thinggroup' && isIt(name))
}
