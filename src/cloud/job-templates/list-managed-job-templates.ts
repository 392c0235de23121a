import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { pageRequest, paginate } from '../http/pagination.ts'
import { DEFAULT_PAGE_SIZE } from '../jobs/choices.ts'
import { UNKNOWN_MANAGED_TEMPLATE } from './choices.ts'
import { MANAGED_TEMPLATES, managedTemplateArn } from './managed-templates.ts'

export const listManagedJobTemplates: Operation = {
  service: 'iot',
  name: 'ListManagedJobTemplates',
  method: 'GET',
  path: '/managed-job-templates',
  run(_cloud, { query, region }) {
    const wanted = query.get('templateName')
    const templates = MANAGED_TEMPLATES.filter(({ name }) => wanted === null || name === wanted)
    if (templates.length === 0) {
      const { name, status } = UNKNOWN_MANAGED_TEMPLATE
      throw new AwsError(name, status, `Managed job template ${wanted} cannot be found`)
    }
    const { page, ...rest } = paginate(templates, pageRequest(query), DEFAULT_PAGE_SIZE)
    const managedJobTemplates = page.map((template) => ({
      templateArn: managedTemplateArn(region, template),
      templateName: template.name,
      description: template.description,
      environments: template.environments,
      templateVersion: template.version,
    }))
    return { managedJobTemplates, ...rest }
  },
}
