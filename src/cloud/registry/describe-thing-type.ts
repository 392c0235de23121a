import type { Operation } from '../http/operation.ts'
import { arnOf } from './arn.ts'
import { nameIn } from './input.ts'
import type { ThingType } from './thing-types.ts'

export const describeThingType: Operation = {
  service: 'iot',
  name: 'DescribeThingType',
  method: 'GET',
  path: '/thing-types/{thingTypeName}',
  run({ registry, account }, { params, region }) {
    const thingTypeName = nameIn(params, 'thingTypeName')
    const type = registry.thingTypes.get(thingTypeName)
    const thingTypeId = registry.idOf('thingtype', thingTypeName)
    return { thingTypeName, thingTypeId, thingTypeArn: arnOf(region, account, 'thingtype', thingTypeName), ...thingTypeMembers(type) }
  },
}

/** What a description and a listing share. */
export function thingTypeMembers({ thingTypeDescription, searchableAttributes, mqtt5Configuration, createdMs, deprecatedMs }: ThingType) {
  return {
    thingTypeProperties: { thingTypeDescription, searchableAttributes, mqtt5Configuration },
    thingTypeMetadata: {
      deprecated: deprecatedMs !== undefined,
      deprecationDate: deprecatedMs === undefined ? undefined : deprecatedMs / 1000,
      creationDate: createdMs / 1000,
    },
  }
}
