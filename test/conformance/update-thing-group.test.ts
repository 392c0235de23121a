import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('UpdateThingGroup', ({ behaviour }) => {
  behaviour('the version grows; one that is not the current one is refused', { source: '§3.5 [M]' }, async (target) => {
    const { name: thingGroupName } = await target.group()
    const request = {
      thingGroupName,
      thingGroupProperties: { thingGroupDescription: 'cold', attributePayload: { attributes: { floor: '1' } } },
      expectedVersion: 1,
    }
    expect((await target.iot.updateThingGroup(request)).version).toBe(2)
    await expect(target.iot.updateThingGroup(request)).rejects.toMatchObject({ name: 'VersionConflictException' })
    expect((await target.iot.describeThingGroup({ thingGroupName })).thingGroupProperties).toEqual(request.thingGroupProperties)
  })
})
