import { z } from 'zod'
import { paginate, pageRequest } from '../http/pagination.ts'
import type { OperationRequest } from '../http/operation.ts'
import type { PolicyTarget } from '../policies/attachments.ts'
import { parseArn } from '../registry/arn.ts'
import { labelReader } from '../registry/input.ts'
import { invalidRequest } from '../registry/registry-errors.ts'
import { DEFAULT_PAGE_SIZE, NEWEST_FIRST } from './choices.ts'
import type { ThingPrincipalType } from './thing-principals.ts'

/** Members of requests about certificates, policies and principals (aws-iot.md §3.6). */

type Query = OperationRequest['query']

const certificateId = z.string().regex(/^[a-f0-9]{64}$/i, { error: 'Member must be 64 hexadecimal digits' })
const policyName = z
  .string()
  .regex(/^[\w+=,.@-]{1,128}$/, { error: String.raw`Member must satisfy regular expression pattern: [\w+=,.@-]+ and have length of 1 to 128` })

const readCertificateId = labelReader(certificateId)
const readPolicyName = labelReader(policyName)

/** The id of a certificate out of the path. */
export function certificateIdIn(params: OperationRequest['params'], label = 'certificateId'): string {
  return readCertificateId(params, label).toLowerCase()
}

/** The name of a policy out of the path or a header. */
export function policyNameIn(params: Readonly<Record<string, string>>, label = 'policyName'): string {
  return readPolicyName(params, label)
}

/** What a policy is attached to. Throws InvalidRequestException for what is neither the ARN of a certificate nor of a thing group. */
export function targetOf(arn: unknown): PolicyTarget {
  const resource = typeof arn === 'string' ? parseArn(arn) : undefined
  if (resource?.kind === 'cert') return `cert/${resource.name}`
  if (resource?.kind === 'thinggroup') return `thinggroup/${resource.name}`
  throw invalidRequest(`Expected the ARN of a certificate or of a thing group, got ${typeof arn === 'string' ? arn : 'nothing'}.`)
}

/** The id of the certificate of an ARN. Throws InvalidRequestException: there are no other principals in this cloud. */
export function certificateIdOfPrincipal(arn: unknown): string {
  const resource = typeof arn === 'string' ? parseArn(arn) : undefined
  if (resource?.kind === 'cert') return resource.name
  throw invalidRequest(`Expected the ARN of a certificate as principal, got ${typeof arn === 'string' ? arn : 'nothing'}.`)
}

/** `true` or `false` in the query, false when absent. */
export function flag(query: Query, name: string): boolean {
  const text = query.get(name)
  if (text === null || text === 'false') return false
  if (text === 'true') return true
  throw invalidRequest(`${name} must be true or false, got ${text}`)
}

/** `thingPrincipalType` of the query, or undefined. */
export function thingPrincipalTypeIn(query: Query): ThingPrincipalType | undefined {
  const text = query.get('thingPrincipalType')
  if (text === null || text === 'EXCLUSIVE_THING' || text === 'NON_EXCLUSIVE_THING') return text ?? undefined
  throw invalidRequest(`thingPrincipalType must be EXCLUSIVE_THING or NON_EXCLUSIVE_THING, got ${text}`)
}

/** A page of a list that counts with `pageSize` and `marker`. */
export function markerPage<T>(items: readonly T[], query: Query): { readonly page: readonly T[]; readonly nextMarker: string | undefined } {
  const { page, nextToken } = paginate(items, pageRequest(query, 'pageSize', 'marker'), DEFAULT_PAGE_SIZE)
  return { page, nextMarker: nextToken }
}

/** A list in order of creation, turned round unless the query asks for it as it is. */
export function inOrder<T>(items: readonly T[], query: Query): readonly T[] {
  const isAscending = query.has('isAscendingOrder') ? flag(query, 'isAscendingOrder') : !NEWEST_FIRST
  return isAscending ? items : items.toReversed()
}
