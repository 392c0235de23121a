import type { Operation } from '../http/operation.ts'
import { arnOf } from './arn.ts'
import { checkKind } from './group-kind.ts'
import { checkVersion, nameIn } from './input.ts'

/** Succeeds for a group that doesn't exist; refuses one with children. */
export const deleteThingGroup: Operation = {
  service: 'iot',
  name: 'DeleteThingGroup',
  method: 'DELETE',
  path: '/thing-groups/{thingGroupName}',
  run({ registry, identities, account }, { params, query, region }) {
    const thingGroupName = nameIn(params, 'thingGroupName')
    const group = registry.thingGroups.find(thingGroupName)
    if (!group) return
    checkKind(group, 'static')
    checkVersion(query.get('expectedVersion'), group.version)
    registry.deleteGroup(thingGroupName)
    identities.attachments.detachAll(`thinggroup/${thingGroupName}`)
    registry.dropTags(arnOf(region, account, 'thinggroup', thingGroupName))
  },
}
