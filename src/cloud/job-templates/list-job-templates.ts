import type { Operation } from '../http/operation.ts'
import { pageRequest, paginate } from '../http/pagination.ts'
import { DEFAULT_PAGE_SIZE } from '../jobs/choices.ts'
import { templateArn } from './lookup.ts'

/** The newest template first, as with jobs: the order is not documented. */
export const listJobTemplates: Operation = {
  service: 'iot',
  name: 'ListJobTemplates',
  method: 'GET',
  path: '/job-templates',
  run(cloud, request) {
    const { page, ...rest } = paginate(cloud.jobTemplates.all().toReversed(), pageRequest(request.query), DEFAULT_PAGE_SIZE)
    const jobTemplates = page.map(({ id, description, createdAtMs }) => ({
      jobTemplateArn: templateArn(cloud, request, id),
      jobTemplateId: id,
      description,
      createdAt: createdAtMs / 1000,
    }))
    return { jobTemplates, ...rest }
  },
}
