import type { Operation } from '../http/operation.ts'
import { groupMember } from './group-member.ts'

/** Succeeds for a thing that isn't in the group. */
export const removeThingFromThingGroup: Operation = {
  service: 'iot',
  name: 'RemoveThingFromThingGroup',
  method: 'PUT',
  path: '/thing-groups/removeThingFromThingGroup',
  run({ registry }, { body }) {
    const { thing, group } = groupMember(body)
    registry.thing(thing)
    registry.leave(thing, group)
  },
}
