import type { Operation } from '../http/operation.ts'
import { groupMember } from './group-member.ts'

/** Succeeds for a thing that is in the group already. */
export const addThingToThingGroup: Operation = {
  service: 'iot',
  name: 'AddThingToThingGroup',
  method: 'PUT',
  path: '/thing-groups/addThingToThingGroup',
  run({ registry }, { body }) {
    const { thing, group, overrideDynamicGroups } = groupMember(body)
    registry.join(thing, group, overrideDynamicGroups)
  },
}
