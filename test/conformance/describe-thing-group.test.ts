import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('DescribeThingGroup', ({ behaviour }) => {
  behaviour('the way from the root to the parent', { source: '§3.5 [M]' }, async (target) => {
    const root = await target.group()
    const middle = await target.group([], root.name)
    const leaf = await target.group([], middle.name)
    expect(await target.iot.describeThingGroup({ thingGroupName: leaf.name })).toMatchObject({
      thingGroupArn: leaf.arn,
      version: 1,
      thingGroupMetadata: {
        parentGroupName: middle.name,
        rootToParentThingGroups: [
          { groupName: root.name, groupArn: root.arn },
          { groupName: middle.name, groupArn: middle.arn },
        ],
        creationDate: expect.any(Date),
      },
    })
  })

  behaviour('a static group has neither query nor status', { source: '§3.5 [M]' }, async (target) => {
    const { name: thingGroupName } = await target.group()
    const { status, queryString, indexName } = await target.iot.describeThingGroup({ thingGroupName })
    expect([status, queryString, indexName]).toEqual([undefined, undefined, undefined])
  })
})
