import type { Operation } from '../http/operation.ts'
import { BILLING_GROUP_VERSION_STEP, REFUSE_SECOND_BILLING_GROUP } from '../registry/choices.ts'
import { invalidRequest } from '../registry/registry-errors.ts'
import { billingMember } from './billing-member.ts'

/** A thing is in one billing group at most. Succeeds for a thing that is in this one already. */
export const addThingToBillingGroup: Operation = {
  service: 'iot',
  name: 'AddThingToBillingGroup',
  method: 'PUT',
  path: '/billing-groups/addThingToBillingGroup',
  run({ registry }, { body }) {
    const { thing: name, group } = billingMember(body)
    const thing = registry.thing(name)
    registry.billingGroups.get(group)
    if (thing.billingGroupName === group) return
    if (thing.billingGroupName !== undefined && REFUSE_SECOND_BILLING_GROUP)
      throw invalidRequest(`Thing ${name} is in the billing group ${thing.billingGroupName} already.`)
    registry.putThing(name, { ...thing, billingGroupName: group, version: thing.version + BILLING_GROUP_VERSION_STEP })
  },
}
