import type { Operation } from '../http/operation.ts'
import { pageRequest, paginate } from '../http/pagination.ts'
import { arnOf } from './arn.ts'
import { DEFAULT_PAGE_SIZE } from './choices.ts'
import { thingTypeMembers } from './describe-thing-type.ts'

export const listThingTypes: Operation = {
  service: 'iot',
  name: 'ListThingTypes',
  method: 'GET',
  path: '/thing-types',
  run({ registry, account }, { query, region }) {
    const wanted = query.get('thingTypeName')
    const types = registry.thingTypes.all().filter(([name]) => wanted === null || name === wanted)
    const { page, nextToken } = paginate(types, pageRequest(query), DEFAULT_PAGE_SIZE)
    const members = page.map(([thingTypeName, type]) => ({
      thingTypeName,
      thingTypeArn: arnOf(region, account, 'thingtype', thingTypeName),
      ...thingTypeMembers(type),
    }))
    return { thingTypes: members, nextToken }
  },
}
