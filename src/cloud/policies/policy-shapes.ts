import { z } from 'zod'
import type { Cloud } from '../cloud.ts'
import { arnOf } from '../registry/arn.ts'
import { resourceId } from '../registry/resource-id.ts'
import type { PolicyTarget } from './attachments.ts'
import type { Policy } from './policies.ts'

const MAX_DOCUMENT = 404_600

export const policyDocument = z.string().max(MAX_DOCUMENT)

/** A policy in a list. */
export function listed({ account }: Cloud, policyName: string, region: string): { policyName: string; policyArn: string } {
  return { policyName, policyArn: arnOf(region, account, 'policy', policyName) }
}

/** Dates and generation, as GetPolicy and GetPolicyVersion tell them. */
export function history({ account }: Cloud, { policyName, createdMs, modifiedMs }: Policy): object {
  return { creationDate: createdMs / 1000, lastModifiedDate: modifiedMs / 1000, generationId: resourceId(account, 'policy', policyName, createdMs) }
}

export function targetArn({ account }: Cloud, target: PolicyTarget, region: string): string {
  const [kind, name] = target.split('/') as ['cert' | 'thinggroup', string]
  return arnOf(region, account, kind, name)
}
