import type { Operation } from '../http/operation.ts'
import { arnOf } from '../registry/arn.ts'
import { checkVersion, nameIn } from '../registry/input.ts'

/** Succeeds for a group that doesn't exist. AWS doesn't say what becomes of its things: here they belong to none. */
export const deleteBillingGroup: Operation = {
  service: 'iot',
  name: 'DeleteBillingGroup',
  method: 'DELETE',
  path: '/billing-groups/{billingGroupName}',
  run({ registry, account }, { params, query, region }) {
    const name = nameIn(params, 'billingGroupName')
    const group = registry.billingGroups.find(name)
    if (!group) return
    checkVersion(query.get('expectedVersion'), group.version)
    registry.deleteBillingGroup(name)
    registry.dropTags(arnOf(region, account, 'billinggroup', name))
  },
}
