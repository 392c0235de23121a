import { z } from 'zod'
import { parseArn } from './arn.ts'
import { name, parse } from './input.ts'
import { invalidRequest } from './registry-errors.ts'

const input = z.object({
  thingGroupName: name.optional(),
  thingGroupArn: z.string().optional(),
  thingName: name.optional(),
  thingArn: z.string().optional(),
  overrideDynamicGroups: z.boolean().default(false),
})

export interface GroupMember {
  readonly thing: string
  readonly group: string
  readonly overrideDynamicGroups: boolean
}

/** The thing and the group that a membership request names, each by name or by ARN. */
export function groupMember(body: Readonly<Record<string, unknown>>): GroupMember {
  const { thingName, thingArn, thingGroupName, thingGroupArn, overrideDynamicGroups } = parse(input, body)
  return { thing: named('thing', thingName, thingArn), group: named('thinggroup', thingGroupName, thingGroupArn), overrideDynamicGroups }
}

/** A name that is given as itself, as an ARN, or as both. */
export function named(kind: string, given: string | undefined, arn: string | undefined): string {
  const resource = arn === undefined ? undefined : parseArn(arn)
  if (arn !== undefined && resource?.kind !== kind) throw invalidRequest(`${arn} is no ARN of a ${kind}.`)
  if (given !== undefined && resource && resource.name !== given) throw invalidRequest(`${arn} is not the ARN of ${given}.`)
  const found = given ?? resource?.name
  if (found === undefined) throw invalidRequest(`The name or the ARN of a ${kind} is required.`)
  return found
}
