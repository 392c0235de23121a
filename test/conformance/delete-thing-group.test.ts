import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('DeleteThingGroup', ({ behaviour }) => {
  behaviour('a group with children is refused', { source: '§3.5 [G]' }, async (target) => {
    const parent = await target.group()
    await target.group([], parent.name)
    await expect(target.iot.deleteThingGroup({ thingGroupName: parent.name })).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: expect.stringContaining('child groups attached'),
    })
  })

  behaviour('a group that does not exist is deleted without complaint', { source: '§3.5 [M]' }, async (target) => {
    const { iot } = target
    expect((await iot.deleteThingGroup({ thingGroupName: target.name('group') })).$metadata.httpStatusCode).toBe(200)
  })
})
