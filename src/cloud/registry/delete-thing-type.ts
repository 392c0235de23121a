import type { Operation } from '../http/operation.ts'
import { arnOf } from './arn.ts'
import { nameIn } from './input.ts'
import { invalidRequest } from './registry-errors.ts'

/** Only a type that no thing has, five minutes after it was deprecated. */
export const deleteThingType: Operation = {
  service: 'iot',
  name: 'DeleteThingType',
  method: 'DELETE',
  path: '/thing-types/{thingTypeName}',
  run({ registry, account }, { params, region }) {
    const thingTypeName = nameIn(params, 'thingTypeName')
    registry.thingTypes.get(thingTypeName)
    const isUsed = registry.thingNames().some((thing) => registry.thing(thing).thingTypeName === thingTypeName)
    if (isUsed) throw invalidRequest(`Can not delete thing type: ${thingTypeName}. Things are associated with it.`)
    registry.deleteType(thingTypeName)
    registry.dropTags(arnOf(region, account, 'thingtype', thingTypeName))
  },
}
