import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { MAX_TEMPLATES } from './choices.ts'
import { templateArn } from './lookup.ts'
import { templateFrom, templateIdOf } from './template-request.ts'

/** Of a job, a document, or a document in S3. A job gives its configurations too, where the request has none. */
export const createJobTemplate: Operation = {
  service: 'iot',
  name: 'CreateJobTemplate',
  method: 'PUT',
  path: '/job-templates/{jobTemplateId}',
  run(cloud, request) {
    const jobTemplateId = templateIdOf(request.params)
    const { jobTemplates, registry } = cloud
    const { template, tags } = templateFrom(jobTemplateId, request.body, cloud)
    if (jobTemplates.get(jobTemplateId))
      throw new AwsError('ConflictException', 409, `Job template ${jobTemplateId} already exists`, { resourceId: jobTemplateId })
    if (jobTemplates.size >= MAX_TEMPLATES) throw new AwsError('LimitExceededException', 410, `An account has at most ${MAX_TEMPLATES} job templates`)
    const jobTemplateArn = templateArn(cloud, request, jobTemplateId)
    jobTemplates.add(template)
    if (tags) registry.tag(jobTemplateArn, tags)
    return { jobTemplateArn, jobTemplateId }
  },
}
