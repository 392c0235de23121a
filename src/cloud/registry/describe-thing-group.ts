import type { Operation } from '../http/operation.ts'
import { arnOf } from './arn.ts'
import { nameIn } from './input.ts'

export const describeThingGroup: Operation = {
  service: 'iot',
  name: 'DescribeThingGroup',
  method: 'GET',
  path: '/thing-groups/{thingGroupName}',
  run({ registry, account }, { params, region }) {
    const group = registry.group(nameIn(params, 'thingGroupName'))
    const arn = (name: string) => arnOf(region, account, 'thinggroup', name)
    return {
      thingGroupName: group.name,
      thingGroupId: registry.idOf('thinggroup', group.name),
      thingGroupArn: arn(group.name),
      version: group.version,
      thingGroupProperties: {
        thingGroupDescription: group.properties.thingGroupDescription,
        attributePayload: { attributes: group.properties.attributes },
      },
      thingGroupMetadata: {
        parentGroupName: group.parent?.name,
        rootToParentThingGroups: group.parent && group.ancestors.map(({ name }) => ({ groupName: name, groupArn: arn(name) })),
        creationDate: group.createdMs / 1000,
      },
      ...group.query,
      status: group.status,
    }
  },
}
