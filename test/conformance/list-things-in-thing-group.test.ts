import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('ListThingsInThingGroup', ({ behaviour }) => {
  behaviour('with recursive the things of child groups too', { source: '§3.5 [M]' }, async (target) => {
    const [one, other] = [await target.thing(), await target.thing()]
    const parent = await target.group([one.name])
    await target.group([other.name], parent.name)
    const things = async (recursive: boolean) => (await target.iot.listThingsInThingGroup({ thingGroupName: parent.name, recursive })).things!
    expect(await things(false)).toEqual([one.name])
    expect((await things(true)).toSorted()).toEqual([one.name, other.name].toSorted())
  })
})
