import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('UpdateThingGroupsForThing', ({ behaviour }) => {
  behaviour('one request moves a thing inside a hierarchy', { source: '§3.5 [M]' }, async (target) => {
    const thing = await target.thing()
    const parent = await target.group([thing.name])
    const child = await target.group([], parent.name)
    await target.iot.updateThingGroupsForThing({ thingName: thing.name, thingGroupsToAdd: [child.name], thingGroupsToRemove: [parent.name] })
    expect((await target.iot.listThingGroupsForThing({ thingName: thing.name })).thingGroups).toEqual([
      { groupName: child.name, groupArn: child.arn },
    ])
  })
})
