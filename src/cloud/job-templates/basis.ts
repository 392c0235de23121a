import { AwsError } from '../../errors.ts'
import type { ObjectsView } from '../context.ts'
import { invalidRequest } from '../jobs/constraints.ts'
import { checkedDocument, documentText } from '../jobs/document-request.ts'
import type { JobConfig } from '../jobs/job.ts'
import type { JobDocument } from '../jobs/job-document.ts'
import type { CreateJobRequest } from '../jobs/job-schema.ts'
import type { MaintenanceWindow } from '../jobs/maintenance-windows.ts'
import { DOCUMENT_BESIDE_TEMPLATE } from './choices.ts'
import { documentWith } from './document-parameters.ts'
import type { JobTemplates } from './job-template.ts'
import { managedTemplate } from './managed-templates.ts'

/** What a new job begins with, before the request's own configurations are laid over it. */
export interface Basis {
  readonly document: JobDocument
  readonly documentSource?: string | undefined
  readonly config: JobConfig
  readonly maintenanceWindows?: readonly MaintenanceWindow[] | undefined
  readonly destinationPackageVersions?: readonly string[] | undefined
}

/** The account of a managed template's ARN is empty. The region is no part of identity here. */
const TEMPLATE_ARN = /^arn:aws[a-z-]*:iot:[a-z0-9-]*:(\d{12})?:jobtemplate\/([a-zA-Z0-9_-]+)(?::(\d+\.\d+))?$/

/** The document of a CreateJob request, or what its template gives (§3.4). Throws AwsError. */
export function basisOf(request: CreateJobRequest, templates: JobTemplates, objects: ObjectsView): Basis {
  const { document, documentSource, jobTemplateArn, documentParameters } = request
  const given = [document, documentSource].filter((member) => member !== undefined).length
  if (jobTemplateArn === undefined) {
    if (given !== 1) throw invalidRequest('Exactly one of document and documentSource must be given, or a jobTemplateArn')
    if (documentParameters !== undefined) throw parametersWithoutTemplate()
    return { document: checkedDocument(documentText(request, objects)), documentSource, config: {} }
  }
  if (given > 0) {
    const { name, status } = DOCUMENT_BESIDE_TEMPLATE
    throw new AwsError(name, status, 'A job from a template takes its document from the template: neither document nor documentSource can be given')
  }
  return fromTemplate(jobTemplateArn, documentParameters, templates)
}

function fromTemplate(arn: string, documentParameters: CreateJobRequest['documentParameters'], templates: JobTemplates): Basis {
  const [, account, id, version] = TEMPLATE_ARN.exec(arn) ?? []
  if (id === undefined) throw invalidRequest(`${arn} is no ARN of a job template`)
  if (account === undefined) {
    const managed = managedTemplate(id, version) ?? unknownTemplate(arn)
    const text = documentWith(managed, documentParameters ?? {})
    return { document: checkedDocument(text, managed.document), config: { description: managed.description } }
  }
  const template = (version === undefined ? templates.get(id) : undefined) ?? unknownTemplate(arn)
  if (documentParameters !== undefined) throw parametersWithoutTemplate()
  const { documentSource, description, maintenanceWindows, destinationPackageVersions } = template
  const config = { description, ...template.config }
  return { document: checkedDocument(template.document), documentSource, config, maintenanceWindows, destinationPackageVersions }
}

function parametersWithoutTemplate(): AwsError {
  return invalidRequest('documentParameters can only be given with the ARN of a managed template')
}

function unknownTemplate(arn: string): never {
  throw new AwsError('ResourceNotFoundException', 404, `Job template ${arn} cannot be found`)
}
