import type { Operation } from '../http/operation.ts'
import { checkKind } from './group-kind.ts'
import { groupMember } from './group-member.ts'

/** Succeeds for a thing that isn't in the group. */
export const removeThingFromThingGroup: Operation = {
  service: 'iot',
  name: 'RemoveThingFromThingGroup',
  method: 'PUT',
  path: '/thing-groups/removeThingFromThingGroup',
  run({ registry }, { body }) {
    const { thing, group } = groupMember(body)
    const left = registry.group(group)
    registry.thing(thing)
    checkKind(left, 'static')
    registry.thingGroups.leave(thing, left)
  },
}
