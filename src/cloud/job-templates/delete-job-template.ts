import type { Operation } from '../http/operation.ts'
import { templateArn, templateOf } from './lookup.ts'

/** Jobs that were made from it stay as they are. */
export const deleteJobTemplate: Operation = {
  service: 'iot',
  name: 'DeleteJobTemplate',
  method: 'DELETE',
  path: '/job-templates/{jobTemplateId}',
  run(cloud, request) {
    const { id } = templateOf(cloud, request)
    cloud.jobTemplates.delete(id)
    cloud.registry.dropTags(templateArn(cloud, request, id))
  },
}
