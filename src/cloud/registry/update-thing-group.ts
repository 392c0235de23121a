import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { thingGroupProperties, updatedGroupProperties } from './create-thing-group.ts'
import { checkKind } from './group-kind.ts'
import { checkVersion, nameIn, parse } from './input.ts'

const input = z.object({ thingGroupProperties, expectedVersion: z.number().optional() })

export const updateThingGroup: Operation = {
  service: 'iot',
  name: 'UpdateThingGroup',
  method: 'PATCH',
  path: '/thing-groups/{thingGroupName}',
  run({ registry }, { params, body }) {
    const group = registry.group(nameIn(params, 'thingGroupName'))
    const { thingGroupProperties: given, expectedVersion } = parse(input, body)
    checkKind(group, 'static')
    checkVersion(expectedVersion, group.version)
    group.properties = updatedGroupProperties(group, given)
    registry.thingGroups.changed(group, { isUpdate: true })
    return { version: group.version }
  },
}
