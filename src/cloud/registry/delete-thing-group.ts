import type { Operation } from '../http/operation.ts'
import { arnOf } from './arn.ts'
import { checkVersion, nameIn } from './input.ts'

/** Succeeds for a group that doesn't exist; refuses one with children. */
export const deleteThingGroup: Operation = {
  service: 'iot',
  name: 'DeleteThingGroup',
  method: 'DELETE',
  path: '/thing-groups/{thingGroupName}',
  run({ registry, account }, { params, query, region }) {
    const thingGroupName = nameIn(params, 'thingGroupName')
    if (!registry.hasGroup(thingGroupName)) return
    checkVersion(query.get('expectedVersion'), registry.group(thingGroupName).version)
    registry.deleteGroup(thingGroupName)
    registry.dropTags(arnOf(region, account, 'thinggroup', thingGroupName))
  },
}
