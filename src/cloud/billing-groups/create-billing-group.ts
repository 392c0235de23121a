import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { arnOf } from '../registry/arn.ts'
import { nameIn, parse, tags } from '../registry/input.ts'
import { alreadyExists } from '../registry/registry-errors.ts'

export const billingGroupProperties = z.object({ billingGroupDescription: z.string().max(2028).optional() })

const input = z.object({ billingGroupProperties: billingGroupProperties.optional(), tags: tags.optional() })

/** The same request twice is no error, a different one for the same name is. */
export const createBillingGroup: Operation = {
  service: 'iot',
  name: 'CreateBillingGroup',
  method: 'POST',
  path: '/billing-groups/{billingGroupName}',
  run({ registry, account }, { params, body, region }) {
    const billingGroupName = nameIn(params, 'billingGroupName')
    const { billingGroupProperties: given, tags: labels } = parse(input, body)
    const billingGroupArn = arnOf(region, account, 'billinggroup', billingGroupName)
    const billingGroupId = registry.idOf('billinggroup', billingGroupName)
    const present = registry.billingGroups.find(billingGroupName)
    if (!present) registry.billingGroups.create(billingGroupName, given?.billingGroupDescription)
    else if (present.description !== given?.billingGroupDescription) {
      throw alreadyExists(`Billing group ${billingGroupName}`, 'description', billingGroupId, billingGroupArn)
    }
    if (labels) registry.tag(billingGroupArn, labels)
    return { billingGroupName, billingGroupArn, billingGroupId }
  },
}
