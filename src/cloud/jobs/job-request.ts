import { AwsError } from '../../errors.ts'
import type { CloudContext, ObjectsView, RegistryView } from '../context.ts'
import { DEFAULT_END_BEHAVIOR } from './choices.ts'
import { constrained, invalidRequest, violated } from './constraints.ts'
import type { JobConfig, JobSpec } from './job.ts'
import { DEFAULT_URL_EXPIRES_SEC, JobDocument } from './job-document.ts'
import { createJobRequest, type CreateJobRequest, targetsMember, UNSUPPORTED_MEMBERS, updateJobRequest } from './job-schema.ts'
import { parseTime, type Schedule, scheduleProblem } from './schedule.ts'
import { distinctTargets, parseTarget, type Target } from './targets.ts'

/** Targets of one job, those that were associated later included. */
export const MAX_TARGETS = 100
const MAX_DOCUMENT_BYTES = 32_768

/** A valid job from a CreateJob request, or AwsError. */
export function jobSpec(jobId: string, body: Readonly<Record<string, unknown>>, context: CloudContext): JobSpec {
  refuse(body, UNSUPPORTED_MEMBERS)
  const request = constrained(createJobRequest, { ...body, jobId })
  const { targetSelection, documentSource, document: _document, schedulingConfig: _schedule, tags: _tags, targets: _targets, ...config } = request
  const document = jobDocument(request, context.objects)
  checkConfig(config, document)
  checkUrls(config, document, context.objects)
  const targets = knownTargets(request.targets, context.registry)
  return { jobId, targets, targetSelection, document, documentSource, config, schedule: schedule(body, request, context.clock.now()) }
}

/** The valid changes of an UpdateJob request, or AwsError. */
export function jobChanges(body: Readonly<Record<string, unknown>>, before: JobConfig, document: JobDocument): JobConfig {
  const changes = constrained(updateJobRequest, body)
  checkConfig({ ...before, ...withoutUndefined(changes) }, document)
  const retries = changes.jobExecutionsRetryConfig?.criteriaList ?? []
  if (retries.some(({ numberOfRetries }) => numberOfRetries > 0) && !sameRetries(retries, before))
    throw violated('jobExecutionsRetryConfig', retries, 'Member must have numberOfRetries 0: retries of a job can only be taken back')
  return changes
}

/** Each target once; ResourceNotFoundException when the registry does not know one. */
export function knownTargets(arns: unknown, registry: RegistryView): Target[] {
  const targets = distinctTargets(
    constrained(targetsMember, { targets: arns }).targets.map((arn, index) => parseTarget(arn) ?? notATarget(arn, index)),
  )
  if (targets.length > MAX_TARGETS) throw new AwsError('LimitExceededException', 410, `A job has at most ${MAX_TARGETS} targets`)
  for (const { arn, kind, name } of targets) {
    const isKnown = kind === 'thing' ? registry.hasThing(name) : registry.hasGroup(name)
    if (!isKnown) throw new AwsError('ResourceNotFoundException', 404, `Target ${arn} does not exist`)
  }
  return targets
}

/** Throws for members that are valid in AWS and not supported here. */
function refuse(body: Readonly<Record<string, unknown>>, members: readonly string[]): void {
  const given = members.filter((member) => body[member] !== undefined)
  if (given.length > 0) throw invalidRequest(`Not supported by this cloud: ${given.join(', ')}`)
}

function notATarget(arn: string, index: number): never {
  throw violated(`targets.${index + 1}.member`, arn, 'Member must be the ARN of a thing or a thing group')
}

function jobDocument({ document, documentSource }: CreateJobRequest, objects: ObjectsView): JobDocument {
  if ((document === undefined) === (documentSource === undefined)) throw invalidRequest('Exactly one of document and documentSource must be given')
  const text = document ?? sourceText(documentSource!, objects)
  const bytes = Buffer.byteLength(text)
  if (bytes > MAX_DOCUMENT_BYTES) throw invalidRequest(`The job document has ${bytes} bytes, at most ${MAX_DOCUMENT_BYTES} are allowed`)
  try {
    JSON.parse(text)
  } catch {
    throw invalidRequest('The job document is not valid JSON')
  }
  return new JobDocument(text)
}

/** The source is read once, when the job is created. */
function sourceText(url: string, objects: ObjectsView): string {
  const bytes = objects.read(url)
  if (!bytes) throw invalidRequest(`The job document cannot be read from ${url}`)
  return Buffer.from(bytes).toString()
}

function checkConfig(config: JobConfig, document: JobDocument): void {
  if (document.problem) throw invalidRequest(document.problem)
  if (document.placeholders.length > 0 && config.presignedUrlConfig?.roleArn === undefined)
    throw invalidRequest('presignedUrlConfig.roleArn must be given when the job document has presigned URL placeholders')
  const retriesTimeouts = config.jobExecutionsRetryConfig?.criteriaList.some(({ failureType }) => failureType === 'TIMED_OUT')
  if (retriesTimeouts && config.timeoutConfig?.inProgressTimeoutInMinutes === undefined)
    throw invalidRequest('A retry of TIMED_OUT executions needs a timeoutConfig')
}

/** A URL that names no bucket and key is found when the job is created, not when the first device asks. */
function checkUrls(config: JobConfig, document: JobDocument, objects: ObjectsView): void {
  for (const { url, method } of document.placeholders) {
    try {
      objects.presign(url, config.presignedUrlConfig?.expiresInSec ?? DEFAULT_URL_EXPIRES_SEC, method)
    } catch (error) {
      throw error instanceof AwsError ? invalidRequest(`The placeholder for ${url} cannot be replaced: ${error.message}`) : error
    }
  }
}

function schedule(body: Readonly<Record<string, unknown>>, { schedulingConfig }: CreateJobRequest, nowMs: number): Schedule | undefined {
  if (!schedulingConfig) return undefined
  refuse(body['schedulingConfig'] as Readonly<Record<string, unknown>>, ['maintenanceWindows'])
  const startMs = timeOf('schedulingConfig.startTime', schedulingConfig.startTime)
  const endMs = timeOf('schedulingConfig.endTime', schedulingConfig.endTime)
  if (schedulingConfig.endBehavior !== undefined && endMs === undefined) throw invalidRequest('endBehavior needs an endTime')
  const problem = scheduleProblem({ startMs, endMs }, nowMs)
  if (problem) throw invalidRequest(problem)
  const config = withoutUndefined(schedulingConfig) as Readonly<Record<string, string>>
  return { startMs, endMs, endBehavior: schedulingConfig.endBehavior ?? DEFAULT_END_BEHAVIOR, config }
}

function timeOf(path: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const atMs = parseTime(text)
  if (atMs === undefined) throw violated(path, text, 'Member must be a UTC time such as 2026-05-01 12:30')
  return atMs
}

/** Repeating the configuration that the job has is no change. */
function sameRetries(retries: readonly object[], before: JobConfig): boolean {
  return JSON.stringify(retries) === JSON.stringify(before.jobExecutionsRetryConfig?.criteriaList)
}

function withoutUndefined<T extends object>(members: T): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>
}
