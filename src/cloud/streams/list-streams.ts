import type { Operation } from '../http/operation.ts'
import { pageRequest, paginate } from '../http/pagination.ts'
import { flag } from '../jobs/lookup.ts'
import { ASCENDING_BY_DEFAULT, DEFAULT_PAGE_SIZE } from './choices.ts'
import { streamSummary } from './stream-shapes.ts'

export const listStreams: Operation = {
  service: 'iot',
  name: 'ListStreams',
  method: 'GET',
  path: '/streams',
  run({ streams, account }, { query, region }) {
    const isAscending = query.has('isAscendingOrder') ? flag(query, 'isAscendingOrder') : ASCENDING_BY_DEFAULT
    const all = isAscending ? streams.all() : streams.all().toReversed()
    const { page, nextToken } = paginate(all, pageRequest(query), DEFAULT_PAGE_SIZE)
    return { streams: page.map((stream) => streamSummary({ region, account }, stream)), nextToken }
  },
}
