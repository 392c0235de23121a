import type { Operation } from '../http/operation.ts'
import { pageRequest, paginate } from '../http/pagination.ts'
import { arnOf } from '../registry/arn.ts'
import { nameIn } from '../registry/input.ts'
import { DEFAULT_PAGE_SIZE } from './choices.ts'

export const listThingPrincipals: Operation = {
  service: 'iot',
  name: 'ListThingPrincipals',
  method: 'GET',
  path: '/things/{thingName}/principals',
  run({ registry, identities, account }, { params, query, region }) {
    const thingName = nameIn(params, 'thingName')
    registry.thing(thingName)
    const { page, nextToken } = paginate(identities.principalsOf(thingName), pageRequest(query), DEFAULT_PAGE_SIZE)
    return { principals: page.map((certificateId) => arnOf(region, account, 'cert', certificateId)), nextToken }
  },
}
