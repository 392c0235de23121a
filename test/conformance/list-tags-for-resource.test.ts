import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('ListTagsForResource', ({ behaviour }) => {
  behaviour('tags of a new resource are written Key and Value', { row: 84, source: '§3.1 [M]' }, async (target) => {
    const { iot } = target
    const thingGroupName = target.name('group')
    const { thingGroupArn } = await iot.createThingGroup({ thingGroupName, tags: [{ Key: 'cost', Value: '7' }] })
    expect((await iot.listTagsForResource({ resourceArn: thingGroupArn! })).tags).toEqual([{ Key: 'cost', Value: '7' }])
  })

  behaviour('a resource that does not exist is not found', { source: '§3.2 [M]' }, async (target) => {
    const { iot, region, account } = target
    const resourceArn = `arn:aws:iot:${region}:${account}:thinggroup/${target.name('group')}`
    await expect(iot.listTagsForResource({ resourceArn })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
