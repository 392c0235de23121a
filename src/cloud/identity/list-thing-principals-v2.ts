import type { Operation } from '../http/operation.ts'
import { pageRequest, paginate } from '../http/pagination.ts'
import { arnOf } from '../registry/arn.ts'
import { nameIn } from '../registry/input.ts'
import { DEFAULT_PAGE_SIZE } from './choices.ts'
import { thingPrincipalTypeIn } from './input.ts'

/** With how each is attached; of one type only, if the query names it. */
export const listThingPrincipalsV2: Operation = {
  service: 'iot',
  name: 'ListThingPrincipalsV2',
  method: 'GET',
  path: '/things/{thingName}/principals-v2',
  run({ registry, identities, account }, { params, query, region }) {
    const thingName = nameIn(params, 'thingName')
    const wanted = thingPrincipalTypeIn(query)
    registry.thing(thingName)
    const all = [...identities.thingPrincipals.certificatesOf(thingName)]
    const { page, nextToken } = paginate(all, pageRequest(query), DEFAULT_PAGE_SIZE, ([, type]) => wanted === undefined || type === wanted)
    const thingPrincipalObjects = page.map(([certificateId, type]) => ({
      principal: arnOf(region, account, 'cert', certificateId),
      thingPrincipalType: type,
    }))
    return { thingPrincipalObjects, nextToken }
  },
}
