import type { Operation } from '../http/operation.ts'
import { pageRequest, paginate } from '../http/pagination.ts'
import { DEFAULT_PAGE_SIZE } from '../registry/choices.ts'
import { nameIn } from '../registry/input.ts'

export const listThingsInBillingGroup: Operation = {
  service: 'iot',
  name: 'ListThingsInBillingGroup',
  method: 'GET',
  path: '/billing-groups/{billingGroupName}/things',
  run({ registry }, { params, query }) {
    const name = nameIn(params, 'billingGroupName')
    registry.billingGroups.get(name)
    const isMember = (thing: string) => registry.thing(thing).billingGroupName === name
    const { page, nextToken } = paginate(registry.thingNames(), pageRequest(query), DEFAULT_PAGE_SIZE, isMember)
    return { things: page, nextToken }
  },
}
