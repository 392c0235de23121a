import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { constrained } from './constraints.ts'
import { jobArn, jobReference } from './control-shapes.ts'
import { jobSpec } from './job-request.ts'
import { createJobRequest } from './job-schema.ts'
import { checkActiveJobs, jobIdOf, scopeOf } from './lookup.ts'

const tagsOfRequest = createJobRequest.pick({ tags: true })

export const createJob: Operation = {
  service: 'iot',
  name: 'CreateJob',
  method: 'PUT',
  path: '/jobs/{jobId}',
  run(cloud, request) {
    const jobId = jobIdOf(request.params)
    const scope = scopeOf(cloud, request)
    const arn = jobArn(scope, jobId)
    if (cloud.jobs.job(jobId)) {
      const members = { resourceId: jobId, resourceArn: arn }
      throw new AwsError('ResourceAlreadyExistsException', 409, `Job ${jobId} already exists`, members)
    }
    const spec = jobSpec(jobId, request.body, cloud)
    checkActiveJobs(cloud.jobs, spec.targetSelection)
    const { tags } = constrained(tagsOfRequest, request.body)
    const job = cloud.jobs.create(spec)
    if (tags) cloud.registry.tag(arn, tags)
    return jobReference(scope, job)
  },
}
