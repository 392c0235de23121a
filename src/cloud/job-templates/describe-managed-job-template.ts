import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { violated } from '../jobs/constraints.ts'
import { managedTemplate, managedTemplateArn } from './managed-templates.ts'

const VERSION = /^[1-9]+.[0-9]+/

export const describeManagedJobTemplate: Operation = {
  service: 'iot',
  name: 'DescribeManagedJobTemplate',
  method: 'GET',
  path: '/managed-job-templates/{templateName}',
  run(_cloud, { params, query, region }) {
    const name = params['templateName']!
    const version = query.get('templateVersion') ?? undefined
    if (name.length > 64) throw violated('templateName', name, 'Member must have length less than or equal to 64')
    if (version !== undefined && !VERSION.test(version))
      throw violated('templateVersion', version, 'Member must satisfy regular expression pattern: ^[1-9]+.[0-9]+')
    const template = managedTemplate(name, version)
    if (!template) {
      const what = version === undefined ? name : `${name}:${version}`
      throw new AwsError('ResourceNotFoundException', 404, `Managed job template ${what} cannot be found`)
    }
    return {
      templateName: template.name,
      templateArn: managedTemplateArn(region, template),
      description: template.description,
      templateVersion: template.version,
      environments: template.environments,
      documentParameters: template.parameters,
      document: template.document,
    }
  },
}
