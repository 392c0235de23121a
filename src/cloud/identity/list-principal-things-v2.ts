import type { Operation } from '../http/operation.ts'
import { pageRequest, paginate } from '../http/pagination.ts'
import { DEFAULT_PAGE_SIZE } from './choices.ts'
import { certificateIdOfPrincipal, thingPrincipalTypeIn } from './input.ts'

/** With how each is attached; of one type only, if the query names it. */
export const listPrincipalThingsV2: Operation = {
  service: 'iot',
  name: 'ListPrincipalThingsV2',
  method: 'GET',
  path: '/principals/things-v2',
  run({ identities }, { query, headers }) {
    const certificateId = certificateIdOfPrincipal(headers['x-amzn-principal'])
    const wanted = thingPrincipalTypeIn(query)
    identities.certificates.certificate(certificateId)
    const all = [...identities.thingPrincipals.thingsOf(certificateId)]
    const { page, nextToken } = paginate(all, pageRequest(query), DEFAULT_PAGE_SIZE, ([, type]) => wanted === undefined || type === wanted)
    return { principalThingObjects: page.map(([thingName, thingPrincipalType]) => ({ thingName, thingPrincipalType })), nextToken }
  },
}
