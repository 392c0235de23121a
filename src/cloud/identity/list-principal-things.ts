import type { Operation } from '../http/operation.ts'
import { pageRequest, paginate } from '../http/pagination.ts'
import { DEFAULT_PAGE_SIZE } from './choices.ts'
import { certificateIdOfPrincipal } from './input.ts'

export const listPrincipalThings: Operation = {
  service: 'iot',
  name: 'ListPrincipalThings',
  method: 'GET',
  path: '/principals/things',
  run({ identities }, { query, headers }) {
    const certificateId = certificateIdOfPrincipal(headers['x-amzn-principal'])
    identities.certificates.certificate(certificateId)
    const { page, nextToken } = paginate(identities.thingsOf({ certificateId }), pageRequest(query), DEFAULT_PAGE_SIZE)
    return { things: page, nextToken }
  },
}
