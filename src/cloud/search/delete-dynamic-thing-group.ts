import type { Operation } from '../http/operation.ts'
import { arnOf } from '../registry/arn.ts'
import { checkKind } from '../registry/group-kind.ts'
import { checkVersion, nameIn } from '../registry/input.ts'

/** Succeeds for a group that doesn't exist. */
export const deleteDynamicThingGroup: Operation = {
  service: 'iot',
  name: 'DeleteDynamicThingGroup',
  method: 'DELETE',
  path: '/dynamic-thing-groups/{thingGroupName}',
  run({ registry, account, dynamicGroups }, { params, query, region }) {
    const thingGroupName = nameIn(params, 'thingGroupName')
    const group = registry.thingGroups.find(thingGroupName)
    if (!group) return
    checkKind(group, 'dynamic')
    checkVersion(query.get('expectedVersion'), group.version)
    dynamicGroups.forget(group)
    registry.deleteGroup(thingGroupName)
    registry.dropTags(arnOf(region, account, 'thinggroup', thingGroupName))
  },
}
