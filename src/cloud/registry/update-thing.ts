import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { withoutEmpty } from './create-thing.ts'
import { attributePayload, checkAttributeCount, checkVersion, name, nameIn, parse } from './input.ts'
import { invalidRequest } from './registry-errors.ts'
import { maxAttributes } from './thing.ts'

const input = z.object({
  thingTypeName: name.optional(),
  attributePayload: attributePayload.optional(),
  expectedVersion: z.number().optional(),
  removeThingType: z.boolean().optional(),
})

/** Replaces the attributes, or merges into them with `merge`; an empty value takes an attribute away. */
export const updateThing: Operation = {
  service: 'iot',
  name: 'UpdateThing',
  method: 'PATCH',
  path: '/things/{thingName}',
  run({ registry }, { params, body }) {
    const thingName = nameIn(params, 'thingName')
    const { thingTypeName, attributePayload: payload, expectedVersion, removeThingType } = parse(input, body)
    const thing = registry.thing(thingName)
    checkVersion(expectedVersion, thing.version)
    if (removeThingType && thingTypeName !== undefined) throw invalidRequest('removeThingType and thingTypeName exclude each other.')
    if (thingTypeName !== undefined && thingTypeName !== thing.thingTypeName) registry.thingTypes.checkUsable(thingTypeName)
    const type = removeThingType ? undefined : (thingTypeName ?? thing.thingTypeName)
    const attributes = payload?.attributes ? { ...(payload.merge ? thing.attributes : {}), ...payload.attributes } : thing.attributes
    const kept = withoutEmpty(attributes)
    checkAttributeCount(Object.keys(kept).length, maxAttributes(type))
    registry.putThing(thingName, { ...thing, thingTypeName: type, attributes: kept, version: thing.version + 1 })
  },
}
