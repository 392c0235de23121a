import { expect } from 'vitest'
import { indexed } from './indexed.ts'
import { conformance } from './target.ts'

conformance('DeleteDynamicThingGroup', ({ behaviour }) => {
  behaviour('a group that does not exist is deleted without complaint', { source: '§3.5 [M]' }, async (target) => {
    const { iot } = target
    expect((await iot.deleteDynamicThingGroup({ thingGroupName: target.name('dynamic') })).$metadata.httpStatusCode).toBe(200)
  })

  behaviour(
    'the operation of static groups does not delete it',
    { source: 'guide: dynamic thing groups [G]', embeddedOnly: true },
    async (target) => {
      await indexed(target)
      const thingGroupName = target.name('dynamic')
      await target.iot.createDynamicThingGroup({ thingGroupName, queryString: 'thingName:nobody' })
      await expect(target.iot.deleteThingGroup({ thingGroupName })).rejects.toMatchObject({ name: 'InvalidRequestException' })
      await target.iot.deleteDynamicThingGroup({ thingGroupName })
      await expect(target.iot.describeThingGroup({ thingGroupName })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    },
  )
})
