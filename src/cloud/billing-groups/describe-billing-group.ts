import type { Operation } from '../http/operation.ts'
import { arnOf } from '../registry/arn.ts'
import { nameIn } from '../registry/input.ts'

export const describeBillingGroup: Operation = {
  service: 'iot',
  name: 'DescribeBillingGroup',
  method: 'GET',
  path: '/billing-groups/{billingGroupName}',
  run({ registry, account }, { params, region }) {
    const billingGroupName = nameIn(params, 'billingGroupName')
    const { description, version, createdMs } = registry.billingGroups.get(billingGroupName)
    return {
      billingGroupName,
      billingGroupId: registry.idOf('billinggroup', billingGroupName),
      billingGroupArn: arnOf(region, account, 'billinggroup', billingGroupName),
      version,
      billingGroupProperties: { billingGroupDescription: description },
      billingGroupMetadata: { creationDate: createdMs / 1000 },
    }
  },
}
