import { expect } from 'vitest'
import { conformance } from './target.ts'
import type { Target } from './target.ts'

const TYPES = ['THING', 'THING_GROUP', 'THING_TYPE', 'THING_GROUP_MEMBERSHIP', 'THING_GROUP_HIERARCHY', 'THING_TYPE_ASSOCIATION'] as const

/** With every event of the registry switched on, and off again. */
async function withEvents({ iot }: Target, run: () => Promise<void>): Promise<void> {
  const all = (Enabled: boolean) => ({ eventConfigurations: Object.fromEntries(TYPES.map((type) => [type, { Enabled }])) })
  await iot.updateEventConfigurations(all(true))
  try {
    await run()
  } finally {
    await iot.updateEventConfigurations(all(false))
  }
}

conformance('Registry events', ({ behaviour }) => {
  behaviour('a thing is created, updated and deleted, with its version', { source: '§7 [G]' }, async (target) => {
    const listener = await target.device()
    const thingName = target.name('thing')
    await listener.subscribe(`$aws/events/thing/${thingName}/#`)
    await withEvents(target, async () => {
      await target.iot.createThing({ thingName })
      await target.iot.updateThing({ thingName, attributePayload: { attributes: { a: '1' } } })
      await target.iot.deleteThing({ thingName })
      for (const [operation, versionNumber] of [
        ['CREATED', 1],
        ['UPDATED', 2],
        ['DELETED', 2],
      ] as const) {
        const { payload } = await listener.next(`$aws/events/thing/${thingName}/${operation.toLowerCase()}`)
        expect(payload).toMatchObject({ eventType: 'THING_EVENT', operation, thingName, versionNumber, accountId: target.account })
        expect(String(payload.timestamp)).toMatch(/^\d{13}$/)
      }
    })
  })

  behaviour('membership and hierarchy are told with the names in the topic', { source: '§7 [G]' }, async (target) => {
    const listener = await target.device()
    await listener.subscribe('$aws/events/thingGroupMembership/#', '$aws/events/thingGroupHierarchy/#')
    await withEvents(target, async () => {
      const thing = await target.thing()
      const parent = await target.group()
      const child = await target.group([thing.name], parent.name)
      const hierarchy = await listener.next(`$aws/events/thingGroupHierarchy/thingGroup/${parent.name}/childThingGroup/${child.name}/added`)
      expect(hierarchy.payload).toMatchObject({ eventType: 'THING_GROUP_HIERARCHY_EVENT', operation: 'ADDED', childGroupName: child.name })
      const membership = await listener.next(`$aws/events/thingGroupMembership/thingGroup/${child.name}/thing/${thing.name}/added`)
      expect(membership.payload).toMatchObject({
        eventType: 'THING_GROUP_MEMBERSHIP_EVENT',
        operation: 'ADDED',
        groupArn: child.arn,
        thingArn: thing.arn,
      })
    })
  })
})
