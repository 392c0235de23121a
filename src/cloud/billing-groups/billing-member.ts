import { z } from 'zod'
import { named } from '../registry/group-member.ts'
import { name, parse } from '../registry/input.ts'

const input = z.object({
  billingGroupName: name.optional(),
  billingGroupArn: z.string().optional(),
  thingName: name.optional(),
  thingArn: z.string().optional(),
})

/** The thing and the billing group that a request names, each by name or by ARN. */
export function billingMember(body: Readonly<Record<string, unknown>>): { thing: string; group: string } {
  const { billingGroupName, billingGroupArn, thingName, thingArn } = parse(input, body)
  return { thing: named('thing', thingName, thingArn), group: named('billinggroup', billingGroupName, billingGroupArn) }
}
