import { z } from 'zod'
import { AwsError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import { constrained, invalidRequest, violated } from '../jobs/constraints.ts'
import { checkedDocument, checkPlaceholders, checkUrls, documentText } from '../jobs/document-request.ts'
import type { Job } from '../jobs/job.ts'
import { comment, configMembers, destinationPackageVersions, documentMembers, id, maintenanceWindows, tags } from '../jobs/job-schema.ts'
import { windowProblem } from '../jobs/maintenance-windows.ts'
import { parseArn } from '../registry/arn.ts'
import type { JobTemplate } from './job-template.ts'

const createJobTemplateRequest = z.object({
  jobTemplateId: id,
  jobArn: z.string().optional(),
  ...documentMembers,
  description: comment,
  tags: tags.optional(),
  maintenanceWindows: maintenanceWindows.optional(),
  destinationPackageVersions: destinationPackageVersions.optional(),
  ...configMembers,
})

type CreateJobTemplateRequest = z.output<typeof createJobTemplateRequest>

const pathOfTemplate = z.object({ jobTemplateId: id })

/** The id in a path, when it may be one. */
export function templateIdOf(params: Readonly<Record<string, string>>): string {
  return constrained(pathOfTemplate, params).jobTemplateId
}

/** A valid template from a CreateJobTemplate request, with its tags; otherwise AwsError. */
export function templateFrom(
  jobTemplateId: string,
  body: Readonly<Record<string, unknown>>,
  cloud: Cloud,
): { template: JobTemplate; tags: CreateJobTemplateRequest['tags'] } {
  const request = constrained(createJobTemplateRequest, { ...body, jobTemplateId })
  const job = jobOf(request, cloud)
  const { presignedUrlConfig, jobExecutionsRolloutConfig, abortConfig, timeoutConfig, jobExecutionsRetryConfig } = request
  const config = {
    presignedUrlConfig: presignedUrlConfig ?? job?.config.presignedUrlConfig,
    jobExecutionsRolloutConfig: jobExecutionsRolloutConfig ?? job?.config.jobExecutionsRolloutConfig,
    abortConfig: abortConfig ?? job?.config.abortConfig,
    timeoutConfig: timeoutConfig ?? job?.config.timeoutConfig,
    jobExecutionsRetryConfig: jobExecutionsRetryConfig ?? job?.config.jobExecutionsRetryConfig,
  }
  const document = checkedDocument(job ? job.document.text : documentText(request, cloud.objects))
  checkPlaceholders(config, document)
  checkUrls(config, document, cloud.objects)
  for (const { startTime } of request.maintenanceWindows ?? []) checkWindow(startTime)
  const template: JobTemplate = {
    id: jobTemplateId,
    description: request.description,
    document: document.text,
    documentSource: request.documentSource ?? job?.documentSource,
    config,
    maintenanceWindows: request.maintenanceWindows ?? job?.schedule?.maintenanceWindows,
    destinationPackageVersions: request.destinationPackageVersions ?? job?.destinationPackageVersions,
    createdAtMs: cloud.clock.now(),
  }
  return { template, tags: request.tags }
}

function checkWindow(startTime: string): void {
  const problem = windowProblem(startTime)
  if (problem) throw violated('maintenanceWindows.startTime', startTime, problem)
}

/** The job that the template is made from, if it is made from one. */
function jobOf({ jobArn, document, documentSource }: CreateJobTemplateRequest, { jobs }: Cloud): Job | undefined {
  if ([jobArn, document, documentSource].filter((member) => member !== undefined).length !== 1)
    throw invalidRequest('Exactly one of jobArn, document and documentSource must be given')
  if (jobArn === undefined) return undefined
  const resource = parseArn(jobArn)
  if (resource?.kind !== 'job') throw invalidRequest(`${jobArn} is no ARN of a job`)
  const job = jobs.job(resource.name)
  if (!job) throw new AwsError('ResourceNotFoundException', 404, `Job ${jobArn} cannot be found`)
  return job
}
