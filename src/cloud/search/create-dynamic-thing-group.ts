import { z } from 'zod'
import { AwsError } from '../../errors.ts'
import type { Operation } from '../http/operation.ts'
import { arnOf } from '../registry/arn.ts'
import { newGroupProperties, thingGroupProperties } from '../registry/create-thing-group.ts'
import { nameIn, parse, sameEntries, tags } from '../registry/input.ts'
import { alreadyExists, invalidRequest, limitExceeded } from '../registry/registry-errors.ts'
import type { GroupQuery, ThingGroup, ThingGroupProperties } from '../registry/thing-group.ts'
import { GROUP_WITHOUT_INDEX } from './choices.ts'
import { QUERY_VERSION, THINGS_INDEX } from './fleet-index.ts'
import type { FleetIndex } from './fleet-index.ts'
import { parseQuery } from './parse-query.ts'
import { checkQueryVersion } from './search-index.ts'

const MAX_DYNAMIC_GROUPS = 100

const input = z.object({
  thingGroupProperties: thingGroupProperties.optional(),
  indexName: z.string().default(THINGS_INDEX),
  queryString: z.string().min(1),
  queryVersion: z.string().default(QUERY_VERSION),
  tags: tags.optional(),
})

/** BUILDING until its members are found. The same request twice is no error, a different one for the same name is. */
export const createDynamicThingGroup: Operation = {
  service: 'iot',
  name: 'CreateDynamicThingGroup',
  method: 'POST',
  path: '/dynamic-thing-groups/{thingGroupName}',
  run({ registry, account, fleetIndex, dynamicGroups }, { params, body, region }) {
    const thingGroupName = nameIn(params, 'thingGroupName')
    const { thingGroupProperties: given, tags: labels, ...query } = parse(input, body)
    const properties = newGroupProperties(given)
    const thingGroupArn = arnOf(region, account, 'thinggroup', thingGroupName)
    const thingGroupId = registry.idOf('thinggroup', thingGroupName)
    checkQuery(fleetIndex, query)
    const present = registry.thingGroups.find(thingGroupName)
    if (present && !isSame(present, properties, query)) {
      throw alreadyExists(`Thing group ${thingGroupName}`, 'query, description or attributes', thingGroupId, thingGroupArn)
    }
    if (!present) {
      if (dynamicGroups.count >= MAX_DYNAMIC_GROUPS) throw limitExceeded(`An account has at most ${MAX_DYNAMIC_GROUPS} dynamic thing groups.`)
      dynamicGroups.build(registry.createGroup(thingGroupName, { properties, query, status: 'BUILDING', region }))
    }
    if (labels) registry.tag(thingGroupArn, labels)
    return { thingGroupName, thingGroupArn, thingGroupId, ...query }
  },
}

/** Throws unless the query can make a group: the index is on and built, and understands it. */
export function checkQuery(index: FleetIndex, { indexName, queryString, queryVersion }: GroupQuery): void {
  if (indexName !== THINGS_INDEX) throw invalidRequest(`A dynamic thing group needs the index ${THINGS_INDEX}, got ${indexName}.`)
  if (index.status(indexName) === 'BUILDING') {
    throw new AwsError(GROUP_WITHOUT_INDEX.name, GROUP_WITHOUT_INDEX.status, `Index '${indexName}' is being built.`)
  }
  checkQueryVersion(queryVersion)
  parseQuery(queryString)
}

function isSame({ query, properties }: ThingGroup, given: ThingGroupProperties, { queryString, queryVersion }: GroupQuery): boolean {
  if (query?.queryString !== queryString || query.queryVersion !== queryVersion) return false
  return properties.thingGroupDescription === given.thingGroupDescription && sameEntries(properties.attributes, given.attributes)
}
