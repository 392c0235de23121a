import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { thingTypeProperties } from './create-thing-type.ts'
import { nameIn, parse } from './input.ts'

const input = z.object({ thingTypeProperties: thingTypeProperties.optional() })

/** Replaces the properties that are given. */
export const updateThingType: Operation = {
  service: 'iot',
  name: 'UpdateThingType',
  method: 'PATCH',
  path: '/thing-types/{thingTypeName}',
  run({ registry }, { params, body }) {
    const thingTypeName = nameIn(params, 'thingTypeName')
    const given = parse(input, body).thingTypeProperties ?? {}
    const present = registry.thingTypes.get(thingTypeName)
    registry.thingTypes.update(thingTypeName, {
      thingTypeDescription: given.thingTypeDescription ?? present.thingTypeDescription,
      searchableAttributes: given.searchableAttributes ?? present.searchableAttributes,
      mqtt5Configuration: given.mqtt5Configuration ?? present.mqtt5Configuration,
    })
  },
}
