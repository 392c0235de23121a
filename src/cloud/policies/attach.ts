import { AwsError } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import { invalidRequest } from '../registry/registry-errors.ts'
import type { PolicyTarget } from './attachments.ts'

const MAX_POLICIES = 10

/** Throws ResourceNotFoundException for what doesn't exist, InvalidRequestException for a dynamic group, LimitExceededException. */
export function attach(cloud: Cloud, policyName: string, target: PolicyTarget): void {
  const { policies, attachments } = cloud.identities
  policies.policy(policyName)
  checkTarget(cloud, target)
  const present = attachments.policiesOf(target)
  if (present.size >= MAX_POLICIES && !present.has(policyName))
    throw new AwsError('LimitExceededException', 410, `At most ${MAX_POLICIES} policies may be attached to ${target}`)
  attachments.attach(policyName, target)
}

/** Throws ResourceNotFoundException, and InvalidRequestException for a dynamic group: only static ones have policies. */
export function checkTarget({ identities, registry }: Cloud, target: PolicyTarget): void {
  const name = target.slice(target.indexOf('/') + 1)
  if (target.startsWith('cert/')) identities.certificates.certificate(name)
  else if (registry.group(name).isDynamic) throw invalidRequest(`${name} is a dynamic thing group: policies are attached to static ones`)
}
