import type { Operation } from '../http/operation.ts'
import { jobArn } from './control-shapes.ts'
import { flag, invalidState, jobOf, scopeOf } from './lookup.ts'

/** Without `force` only a job that is over. The job and its executions are gone when the call returns, where AWS takes its time. */
export const deleteJob: Operation = {
  service: 'iot',
  name: 'DeleteJob',
  method: 'DELETE',
  path: '/jobs/{jobId}',
  run(cloud, request) {
    const job = jobOf(cloud, request)
    const force = flag(request.query, 'force')
    if (job.isActive && !force) throw invalidState(`Job ${job.id} is ${job.status} and can only be deleted with force`)
    cloud.jobs.delete(job)
    cloud.registry.dropTags(jobArn(scopeOf(cloud, request), job.id))
  },
}
