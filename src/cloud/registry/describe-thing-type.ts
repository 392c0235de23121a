import type { Operation } from '../http/operation.ts'
import { arnOf } from './arn.ts'
import { nameIn } from './input.ts'
import type { ThingType } from './registry.ts'
import { notFound } from './registry-errors.ts'

export const describeThingType: Operation = {
  service: 'iot',
  name: 'DescribeThingType',
  method: 'GET',
  path: '/thing-types/{thingTypeName}',
  run({ registry, account }, { params, region }) {
    const thingTypeName = nameIn(params, 'thingTypeName')
    const type = registry.type(thingTypeName)
    if (!type) throw notFound(`Thing type ${thingTypeName}`)
    const thingTypeId = registry.idOf('thingtype', thingTypeName)
    return { thingTypeName, thingTypeId, thingTypeArn: arnOf(region, account, 'thingtype', thingTypeName), ...thingTypeMembers(type) }
  },
}

/** What a description and a listing share. */
export function thingTypeMembers({ thingTypeDescription, searchableAttributes, createdMs }: ThingType) {
  return {
    thingTypeProperties: { thingTypeDescription, searchableAttributes },
    thingTypeMetadata: { deprecated: false, creationDate: createdMs / 1000 },
  }
}
