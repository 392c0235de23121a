import { AwsError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import type { RegistryView } from '../context.ts'
import { basisOf } from '../job-templates/basis.ts'
import { DEFAULT_END_BEHAVIOR, WINDOWS_NEED_CONTINUOUS } from './choices.ts'
import { constrained, invalidRequest, violated } from './constraints.ts'
import { checkPlaceholders, checkUrls } from './document-request.ts'
import type { JobConfig, JobSpec } from './job.ts'
import type { JobDocument } from './job-document.ts'
import { createJobRequest, type CreateJobRequest, targetsMember, updateJobRequest } from './job-schema.ts'
import { windowProblem } from './maintenance-windows.ts'
import { parseTime, type Schedule, scheduleProblem } from './schedule.ts'
import { distinctTargets, parseTarget, type Target } from './targets.ts'

/** Targets of one job, those that were associated later included. */
export const MAX_TARGETS = 100

/** A valid job from a CreateJob request, or AwsError. What the request does not configure, its template does. */
export function jobSpec(jobId: string, body: Readonly<Record<string, unknown>>, cloud: Cloud): JobSpec {
  const request = constrained(createJobRequest, { ...body, jobId })
  const { objects, jobTemplates, registry, clock } = cloud
  const { document, documentSource, ...basis } = basisOf(request, jobTemplates, objects)
  const config = { ...basis.config, ...withoutUndefined(configOf(request)) }
  checkConfig(config, document)
  checkUrls(config, document, objects)
  const { targetSelection, jobTemplateArn, documentParameters, namespaceId } = request
  const times = schedule(request.schedulingConfig ?? scheduleOf(basis.maintenanceWindows), clock.now())
  if (WINDOWS_NEED_CONTINUOUS && times?.maintenanceWindows && targetSelection !== 'CONTINUOUS')
    throw invalidRequest('Only CONTINUOUS jobs have maintenance windows')
  return {
    jobId,
    targets: knownTargets(request.targets, registry),
    targetSelection,
    document,
    documentSource,
    config,
    schedule: times,
    jobTemplateArn,
    documentParameters,
    namespaceId,
    destinationPackageVersions: request.destinationPackageVersions ?? basis.destinationPackageVersions,
  }
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

function notATarget(arn: string, index: number): never {
  throw violated(`targets.${index + 1}.member`, arn, 'Member must be the ARN of a thing or a thing group')
}

/** The members of a CreateJob request that UpdateJob can change. */
function configOf(request: CreateJobRequest): JobConfig {
  const { description, presignedUrlConfig, jobExecutionsRolloutConfig, abortConfig, timeoutConfig, jobExecutionsRetryConfig } = request
  return { description, presignedUrlConfig, jobExecutionsRolloutConfig, abortConfig, timeoutConfig, jobExecutionsRetryConfig }
}

function checkConfig(config: JobConfig, document: JobDocument): void {
  checkPlaceholders(config, document)
  const retriesTimeouts = config.jobExecutionsRetryConfig?.criteriaList.some(({ failureType }) => failureType === 'TIMED_OUT')
  if (retriesTimeouts && config.timeoutConfig?.inProgressTimeoutInMinutes === undefined)
    throw invalidRequest('A retry of TIMED_OUT executions needs a timeoutConfig')
}

type SchedulingConfig = NonNullable<CreateJobRequest['schedulingConfig']>

/** A job from a template with maintenance windows runs in those windows, unless it has a schedule of its own. */
function scheduleOf(maintenanceWindows: SchedulingConfig['maintenanceWindows']): SchedulingConfig | undefined {
  return maintenanceWindows && { maintenanceWindows }
}

function schedule(schedulingConfig: SchedulingConfig | undefined, nowMs: number): Schedule | undefined {
  if (!schedulingConfig) return undefined
  const { maintenanceWindows } = schedulingConfig
  for (const { startTime } of maintenanceWindows ?? []) checkWindow(startTime)
  const startMs = timeOf('schedulingConfig.startTime', schedulingConfig.startTime)
  const endMs = timeOf('schedulingConfig.endTime', schedulingConfig.endTime)
  if (schedulingConfig.endBehavior !== undefined && endMs === undefined) throw invalidRequest('endBehavior needs an endTime')
  const problem = scheduleProblem({ startMs, endMs }, nowMs)
  if (problem) throw invalidRequest(problem)
  const config = withoutUndefined(schedulingConfig)
  return { startMs, endMs, endBehavior: schedulingConfig.endBehavior ?? DEFAULT_END_BEHAVIOR, maintenanceWindows, config }
}

function checkWindow(startTime: string): void {
  const problem = windowProblem(startTime)
  if (problem) throw violated('schedulingConfig.maintenanceWindows.startTime', startTime, problem)
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
