import type { Operation } from '../http/operation.ts'
import { pageRequest, paginate } from '../http/pagination.ts'
import { DEFAULT_PAGE_SIZE } from '../registry/choices.ts'

export const listIndices: Operation = {
  service: 'iot',
  name: 'ListIndices',
  method: 'GET',
  path: '/indices',
  run({ fleetIndex }, { query }) {
    const { page, nextToken } = paginate(fleetIndex.names(), pageRequest(query), DEFAULT_PAGE_SIZE)
    return { indexNames: page, nextToken }
  },
}
