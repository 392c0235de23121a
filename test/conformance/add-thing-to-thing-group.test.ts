import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('AddThingToThingGroup', ({ behaviour }) => {
  behaviour('twice is once, by name or by ARN', { source: '§3.5 [M]' }, async (target) => {
    const thing = await target.thing()
    const group = await target.group([thing.name])
    await target.iot.addThingToThingGroup({ thingArn: thing.arn, thingGroupArn: group.arn })
    expect((await target.iot.listThingsInThingGroup({ thingGroupName: group.name })).things).toEqual([thing.name])
  })

  behaviour('a thing is in one group of a hierarchy', { source: '§3.5 [G]' }, async (target) => {
    const thing = await target.thing()
    const parent = await target.group([thing.name])
    const child = await target.group([], parent.name)
    const request = { thingName: thing.name, thingGroupName: child.name }
    await expect(target.iot.addThingToThingGroup(request)).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })

  behaviour('a thing is in ten groups at most', { source: '§3.5 [G][Q19]' }, async (target) => {
    const thing = await target.thing()
    for (let n = 0; n < 10; n++) await target.group([thing.name])
    await expect(target.group([thing.name])).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })

  behaviour('a thing or a group that does not exist is not found', { source: '§3.2 [M]' }, async (target) => {
    const [thing, group] = [await target.thing(), await target.group()]
    const missing = { name: 'ResourceNotFoundException' }
    await expect(target.iot.addThingToThingGroup({ thingName: thing.name, thingGroupName: target.name() })).rejects.toMatchObject(missing)
    await expect(target.iot.addThingToThingGroup({ thingName: target.name(), thingGroupName: group.name })).rejects.toMatchObject(missing)
  })
})
