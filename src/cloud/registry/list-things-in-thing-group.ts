import type { Operation } from '../http/operation.ts'
import { pageRequest, paginate } from '../http/pagination.ts'
import { DEFAULT_PAGE_SIZE } from './choices.ts'
import { nameIn } from './input.ts'

export const listThingsInThingGroup: Operation = {
  service: 'iot',
  name: 'ListThingsInThingGroup',
  method: 'GET',
  path: '/thing-groups/{thingGroupName}/things',
  run({ registry }, { params, query }) {
    const { name } = registry.group(nameIn(params, 'thingGroupName'))
    const { page, nextToken } = paginate(
      registry.thingGroups.memberNames(name, query.get('recursive') === 'true'),
      pageRequest(query),
      DEFAULT_PAGE_SIZE,
    )
    return { things: page, nextToken }
  },
}
