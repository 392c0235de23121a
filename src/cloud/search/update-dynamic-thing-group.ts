import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { thingGroupProperties, updatedGroupProperties } from '../registry/create-thing-group.ts'
import { checkKind } from '../registry/group-kind.ts'
import { checkVersion, nameIn, parse } from '../registry/input.ts'
import { checkQuery } from './create-dynamic-thing-group.ts'

const input = z.object({
  thingGroupProperties,
  expectedVersion: z.number().optional(),
  indexName: z.string().optional(),
  queryString: z.string().min(1).optional(),
  queryVersion: z.string().optional(),
})

/** With another query the group is REBUILDING until its members are found. */
export const updateDynamicThingGroup: Operation = {
  service: 'iot',
  name: 'UpdateDynamicThingGroup',
  method: 'PATCH',
  path: '/dynamic-thing-groups/{thingGroupName}',
  run({ registry, fleetIndex, dynamicGroups }, { params, body }) {
    const group = registry.group(nameIn(params, 'thingGroupName'))
    const { thingGroupProperties: given, expectedVersion, indexName, queryString, queryVersion } = parse(input, body)
    checkKind(group, 'dynamic')
    checkVersion(expectedVersion, group.version)
    const before = group.query!
    const query = {
      indexName: indexName ?? before.indexName,
      queryString: queryString ?? before.queryString,
      queryVersion: queryVersion ?? before.queryVersion,
    }
    checkQuery(fleetIndex, query)
    group.properties = updatedGroupProperties(group, given)
    if (query.queryString !== before.queryString) {
      group.query = query
      if (group.status === 'ACTIVE') group.status = 'REBUILDING'
      dynamicGroups.build(group)
    }
    registry.thingGroups.changed(group, { isUpdate: true })
    return { version: group.version }
  },
}
