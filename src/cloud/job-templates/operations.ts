import type { Operation } from '../http/operation.ts'
import { createJobTemplate } from './create-job-template.ts'
import { deleteJobTemplate } from './delete-job-template.ts'
import { describeJobTemplate } from './describe-job-template.ts'
import { describeManagedJobTemplate } from './describe-managed-job-template.ts'
import { listJobTemplates } from './list-job-templates.ts'
import { listManagedJobTemplates } from './list-managed-job-templates.ts'

/** The job template operations of the control plane (`iot`). */
export const jobTemplatesOperations: readonly Operation[] = [
  createJobTemplate,
  deleteJobTemplate,
  describeJobTemplate,
  describeManagedJobTemplate,
  listJobTemplates,
  listManagedJobTemplates,
]
