import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { thingGroupProperties } from './create-thing-group.ts'
import { withoutEmpty } from './create-thing.ts'
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
    checkVersion(expectedVersion, group.version)
    const { attributes, merge } = given.attributePayload ?? {}
    group.properties = {
      thingGroupDescription: given.thingGroupDescription ?? group.properties.thingGroupDescription,
      attributes: attributes ? withoutEmpty({ ...(merge ? group.properties.attributes : {}), ...attributes }) : group.properties.attributes,
    }
    group.version += 1
    return { version: group.version }
  },
}
