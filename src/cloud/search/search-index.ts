import { z } from 'zod'
import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { paginate } from '../http/pagination.ts'
import type { PageRequest } from '../http/pagination.ts'
import { parse } from '../registry/input.ts'
import { QUERY_VERSION, THINGS_INDEX } from './fleet-index.ts'
import type { FleetIndex } from './fleet-index.ts'
import { IndexedGroup } from './indexed-group.ts'
import { IndexedThing } from './indexed-thing.ts'
import { invalidQuery } from './invalid-query.ts'
import { matches } from './match.ts'
import { parseQuery } from './parse-query.ts'
import type { Query } from './query.ts'

/** A page never has more, whatever is asked for (§3.3); larger numbers are taken up to the model's bound. */
const MAX_PAGE_SIZE = 100
const MAX_RESULTS = 500

const input = z.object({
  indexName: z.string().default(THINGS_INDEX),
  queryString: z.string().min(1),
  nextToken: z.string().optional(),
  maxResults: z.int().min(1).max(MAX_RESULTS).optional(),
  queryVersion: z.string().default(QUERY_VERSION),
})

export const searchIndex: Operation = {
  service: 'iot',
  name: 'SearchIndex',
  method: 'POST',
  path: '/indices/search',
  run({ fleetIndex }, { body }) {
    const { indexName, queryString, nextToken, maxResults, queryVersion } = parse(input, body)
    if (fleetIndex.status(indexName) === 'BUILDING') {
      throw new AwsError('IndexNotReadyException', 400, `Index '${indexName}' is being built.`)
    }
    checkQueryVersion(queryVersion)
    const query = parseQuery(queryString)
    const page = { maxResults: Math.min(maxResults ?? MAX_PAGE_SIZE, MAX_PAGE_SIZE), nextToken }
    return indexName === THINGS_INDEX ? searchThings(fleetIndex, query, page) : searchGroups(fleetIndex, query, page)
  },
}

/** Throws InvalidQueryException for a version of the query language that doesn't exist. */
export function checkQueryVersion(version: string): void {
  if (version !== QUERY_VERSION) throw invalidQuery(`The query version ${version} is not supported; it is ${QUERY_VERSION}.`)
}

function searchThings(index: FleetIndex, query: Query, request: PageRequest): object {
  const keep = (name: string) => matches(query, new IndexedThing(name, index))
  const { page, nextToken } = paginate(index.source.registry.thingNames(), request, MAX_PAGE_SIZE, keep)
  return { things: page.map((name) => new IndexedThing(name, index).document()), nextToken }
}

function searchGroups(index: FleetIndex, query: Query, request: PageRequest): object {
  const groups = [...index.source.registry.thingGroups.all()].map((group) => new IndexedGroup(group, index))
  const { page, nextToken } = paginate(groups, request, MAX_PAGE_SIZE, (group) => matches(query, group))
  return { thingGroups: page.map((group) => group.document()), nextToken }
}
