import type { Operation } from '../http/operation.ts'
import { templateArn, templateOf } from './lookup.ts'

export const describeJobTemplate: Operation = {
  service: 'iot',
  name: 'DescribeJobTemplate',
  method: 'GET',
  path: '/job-templates/{jobTemplateId}',
  run(cloud, request) {
    const { id, description, documentSource, document, createdAtMs, config, maintenanceWindows, destinationPackageVersions } = templateOf(
      cloud,
      request,
    )
    return {
      jobTemplateArn: templateArn(cloud, request, id),
      jobTemplateId: id,
      description,
      documentSource,
      document,
      createdAt: createdAtMs / 1000,
      ...config,
      maintenanceWindows,
      destinationPackageVersions,
    }
  },
}
