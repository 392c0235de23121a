import { AwsError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import type { JobSpec } from '../jobs/job.ts'
import { jobSpec } from '../jobs/job-request.ts'
import { checkActiveJobs } from '../jobs/lookup.ts'
import { DEFAULT_URL_EXPIRES_SEC } from './choices.ts'
import { jobIdOf, type OtaUpdate } from './ota-update.ts'

type JobMembers = Pick<
  OtaUpdate,
  | 'otaUpdateId'
  | 'description'
  | 'targets'
  | 'targetSelection'
  | 'protocols'
  | 'roleArn'
  | 'awsJobExecutionsRolloutConfig'
  | 'awsJobPresignedUrlConfig'
  | 'awsJobAbortConfig'
  | 'awsJobTimeoutConfig'
>

/** The job of an OTA update as CreateJob would take it; AwsError in the words of CreateOTAUpdate. Targets are ARNs. */
export function otaJobSpec(update: JobMembers, document: string, cloud: Cloud): JobSpec {
  try {
    const spec = jobSpec(jobIdOf(update.otaUpdateId), jobBody(update, document), cloud)
    checkActiveJobs(cloud.jobs, spec.targetSelection)
    return spec
  } catch (error) {
    throw error instanceof AwsError ? new AwsError(error.code, error.status, inOtaWords(error.message), error.members) : error
  }
}

/** Configurations that are not given are left out: CreateJob has the same defaults. */
function jobBody(update: JobMembers, document: string): Record<string, unknown> {
  const { roleArn, protocols, awsJobAbortConfig, awsJobPresignedUrlConfig } = update
  return withoutUndefined({
    targets: update.targets,
    document,
    description: update.description,
    targetSelection: update.targetSelection,
    presignedUrlConfig: protocols.includes('HTTP')
      ? { roleArn, expiresInSec: awsJobPresignedUrlConfig?.expiresInSec ?? DEFAULT_URL_EXPIRES_SEC }
      : undefined,
    jobExecutionsRolloutConfig: update.awsJobExecutionsRolloutConfig,
    abortConfig: awsJobAbortConfig && { criteriaList: awsJobAbortConfig.abortCriteriaList },
    timeoutConfig: update.awsJobTimeoutConfig,
  })
}

function inOtaWords(message: string): string {
  return message
    .replaceAll(/\bjobExecutionsRolloutConfig\b/g, 'awsJobExecutionsRolloutConfig')
    .replaceAll(/\babortConfig\.criteriaList\b/g, 'awsJobAbortConfig.abortCriteriaList')
    .replaceAll(/\btimeoutConfig\b/g, 'awsJobTimeoutConfig')
    .replaceAll(/\bpresignedUrlConfig\b/g, 'awsJobPresignedUrlConfig')
}

function withoutUndefined(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
