import type { Operation } from '../http/operation.ts'
import { jobArn } from './control-shapes.ts'
import { checkDeletions, flag, invalidState, jobOf, scopeOf } from './lookup.ts'

/** Without `force` only a job that is over. Its executions are gone when the call returns, where AWS takes its time; a job of many is DELETION_IN_PROGRESS for some seconds. */
export const deleteJob: Operation = {
  service: 'iot',
  name: 'DeleteJob',
  method: 'DELETE',
  path: '/jobs/{jobId}',
  run(cloud, request) {
    const job = jobOf(cloud, request)
    const force = flag(request.query, 'force')
    if (job.isActive && !force) throw invalidState(`Job ${job.id} is ${job.status} and can only be deleted with force`)
    if (job.status === 'DELETION_IN_PROGRESS') throw invalidState(`Job ${job.id} is being deleted`)
    checkDeletions(cloud.jobs)
    cloud.jobs.delete(job)
    cloud.registry.dropTags(jobArn(scopeOf(cloud, request), job.id))
  },
}
