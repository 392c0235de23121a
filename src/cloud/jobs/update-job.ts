import type { Operation } from '../http/operation.ts'
import { invalidRequest } from './constraints.ts'
import { jobChanges } from './job-request.ts'
import { jobOf } from './lookup.ts'

/** Replaces configurations of a job that is still alive. Timers of executions that already run stay as they are. */
export const updateJob: Operation = {
  service: 'iot',
  name: 'UpdateJob',
  method: 'PATCH',
  path: '/jobs/{jobId}',
  run(cloud, request) {
    const job = jobOf(cloud, request)
    if (!job.isActive) throw invalidRequest(`Job ${job.id} is ${job.status} and cannot be updated`)
    cloud.jobs.update(job, jobChanges(request.body, job.config, job.document))
  },
}
