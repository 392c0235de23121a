import { z } from 'zod'
import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { CANCEL_OF_FINISHED_JOB } from './choices.ts'
import { constrained } from './constraints.ts'
import { jobReference } from './control-shapes.ts'
import { comment, reasonCode } from './job-schema.ts'
import { flag, jobOf, scopeOf } from './lookup.ts'

const cancelJobRequest = z.object({ reasonCode: reasonCode.optional(), comment: comment.optional() })

/** QUEUED executions become CANCELED; with `force` IN_PROGRESS ones too. All at once, where AWS takes its time. */
export const cancelJob: Operation = {
  service: 'iot',
  name: 'CancelJob',
  method: 'PUT',
  path: '/jobs/{jobId}/cancel',
  run(cloud, request) {
    const job = jobOf(cloud, request)
    const reason = constrained(cancelJobRequest, request.body)
    const force = flag(request.query, 'force')
    if (!job.isActive) {
      const { name, status } = CANCEL_OF_FINISHED_JOB
      throw new AwsError(name, status, `Job ${job.id} is ${job.status} and cannot be canceled`)
    }
    cloud.jobs.cancel(job, { force, ...reason })
    return jobReference(scopeOf(cloud, request), job)
  },
}
