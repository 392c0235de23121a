import type { Operation } from '../http/operation.ts'
import { pageRequest, paginate } from '../http/pagination.ts'
import { arnOf } from './arn.ts'
import { DEFAULT_PAGE_SIZE } from './choices.ts'
import { nameIn } from './input.ts'

export const listThingGroupsForThing: Operation = {
  service: 'iot',
  name: 'ListThingGroupsForThing',
  method: 'GET',
  path: '/things/{thingName}/thing-groups',
  run({ registry, account }, { params, query, region }) {
    const thingName = nameIn(params, 'thingName')
    registry.thing(thingName)
    const { page, nextToken } = paginate(registry.groupsOf(thingName), pageRequest(query), DEFAULT_PAGE_SIZE)
    return { thingGroups: page.map(({ name }) => ({ groupName: name, groupArn: arnOf(region, account, 'thinggroup', name) })), nextToken }
  },
}
