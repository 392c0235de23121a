import type { Operation } from '../http/operation.ts'
import { BILLING_GROUP_VERSION_STEP } from '../registry/choices.ts'
import { billingMember } from './billing-member.ts'

/** Succeeds for a thing that isn't in the group. */
export const removeThingFromBillingGroup: Operation = {
  service: 'iot',
  name: 'RemoveThingFromBillingGroup',
  method: 'PUT',
  path: '/billing-groups/removeThingFromBillingGroup',
  run({ registry }, { body }) {
    const { thing: name, group } = billingMember(body)
    const thing = registry.thing(name)
    registry.billingGroups.get(group)
    if (thing.billingGroupName === group)
      registry.putThing(name, { ...thing, billingGroupName: undefined, version: thing.version + BILLING_GROUP_VERSION_STEP })
  },
}
