import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('ListThingGroupsForThing', ({ behaviour }) => {
  behaviour('groups that the thing is in itself, not those above them', { source: '§3.5 [M]' }, async (target) => {
    const thing = await target.thing()
    const parent = await target.group()
    const child = await target.group([thing.name], parent.name)
    expect((await target.iot.listThingGroupsForThing({ thingName: thing.name })).thingGroups).toEqual([
      { groupName: child.name, groupArn: child.arn },
    ])
  })
})
