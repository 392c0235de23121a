import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('ListThingGroups', ({ behaviour }) => {
  behaviour('children of a parent, with recursive those below them too', { source: '§3.5 [M]' }, async (target) => {
    const root = await target.group()
    const middle = await target.group([], root.name)
    const leaf = await target.group([], middle.name)
    const names = async (recursive: boolean) =>
      (await target.iot.listThingGroups({ parentGroup: root.name, recursive })).thingGroups!.map(({ groupName }) => groupName)
    expect(await names(false)).toEqual([middle.name])
    expect(new Set(await names(true))).toEqual(new Set([middle.name, leaf.name]))
  })

  behaviour('groups by the beginning of their name', { source: '§3.5 [M]' }, async (target) => {
    const { name, arn } = await target.group()
    expect((await target.iot.listThingGroups({ namePrefixFilter: name })).thingGroups).toEqual([{ groupName: name, groupArn: arn }])
  })
})
