import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { checkKind } from './group-kind.ts'
import { name, parse } from './input.ts'

const input = z.object({
  thingName: name,
  thingGroupsToAdd: z.array(name).default([]),
  thingGroupsToRemove: z.array(name).default([]),
  overrideDynamicGroups: z.boolean().default(false),
})

/** Leaves first, so that a thing can move inside a hierarchy. */
export const updateThingGroupsForThing: Operation = {
  service: 'iot',
  name: 'UpdateThingGroupsForThing',
  method: 'PUT',
  path: '/thing-groups/updateThingGroupsForThing',
  run({ registry }, { body }) {
    const { thingName, thingGroupsToAdd, thingGroupsToRemove, overrideDynamicGroups } = parse(input, body)
    registry.thing(thingName)
    for (const group of [...thingGroupsToAdd, ...thingGroupsToRemove]) checkKind(registry.group(group), 'static')
    for (const group of thingGroupsToRemove) registry.thingGroups.leave(thingName, registry.group(group))
    for (const group of thingGroupsToAdd) registry.join(thingName, group, overrideDynamicGroups)
  },
}
