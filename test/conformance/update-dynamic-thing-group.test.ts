import { expect } from 'vitest'
import { indexed } from './indexed.ts'
import { conformance } from './target.ts'

conformance('UpdateDynamicThingGroup', ({ behaviour }) => {
  behaviour(
    'with another query the group is REBUILDING, then has other members',
    { source: 'guide: dynamic thing groups [G]', embeddedOnly: true },
    async (target) => {
      await indexed(target)
      const cold = await target.thing({ degrees: '5' })
      const hot = await target.thing({ degrees: '70' })
      const thingGroupName = target.name('dynamic')
      const members = async () => (await target.iot.listThingsInThingGroup({ thingGroupName })).things
      await target.iot.createDynamicThingGroup({ thingGroupName, queryString: 'attributes.degrees>60' })
      await target.pass(30)
      expect(await members()).toEqual([hot.name])
      const update = { thingGroupName, thingGroupProperties: {}, queryString: 'attributes.degrees<60' }
      expect((await target.iot.updateDynamicThingGroup({ ...update, expectedVersion: 1 })).version).toBe(2)
      expect((await target.iot.describeThingGroup({ thingGroupName })).status).toBe('REBUILDING')
      await target.pass(30)
      expect([(await target.iot.describeThingGroup({ thingGroupName })).status, await members()]).toEqual(['ACTIVE', [cold.name]])
      await expect(target.iot.updateDynamicThingGroup({ ...update, expectedVersion: 1 })).rejects.toMatchObject({ name: 'VersionConflictException' })
    },
  )
})
