import { AwsError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import type { OperationRequest } from '../http/operation.ts'
import type { JobTemplate } from './job-template.ts'
import { templateIdOf } from './template-request.ts'

/** The template that the path names, or ResourceNotFoundException. */
export function templateOf({ jobTemplates }: Cloud, { params }: OperationRequest): JobTemplate {
  const id = templateIdOf(params)
  const template = jobTemplates.get(id)
  if (!template) throw new AwsError('ResourceNotFoundException', 404, `Job template ${id} cannot be found`)
  return template
}

export function templateArn({ account }: Cloud, { region }: OperationRequest, id: string): string {
  return `arn:aws:iot:${region}:${account}:jobtemplate/${id}`
}
