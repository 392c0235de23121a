import type { Operation } from '../http/operation.ts'
import { addThingToBillingGroup } from './add-thing-to-billing-group.ts'
import { createBillingGroup } from './create-billing-group.ts'
import { deleteBillingGroup } from './delete-billing-group.ts'
import { describeBillingGroup } from './describe-billing-group.ts'
import { listBillingGroups } from './list-billing-groups.ts'
import { listThingsInBillingGroup } from './list-things-in-billing-group.ts'
import { removeThingFromBillingGroup } from './remove-thing-from-billing-group.ts'
import { updateBillingGroup } from './update-billing-group.ts'

/** Billing groups, as in the model of the `iot` service; the developer guide hardly speaks of them. */
export const billingGroupOperations: readonly Operation[] = [
  createBillingGroup,
  describeBillingGroup,
  listBillingGroups,
  updateBillingGroup,
  deleteBillingGroup,
  addThingToBillingGroup,
  removeThingFromBillingGroup,
  listThingsInBillingGroup,
]
