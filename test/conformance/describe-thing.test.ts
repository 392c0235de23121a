import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('DescribeThing', ({ behaviour }) => {
  behaviour('the default client id is the name, the version begins at 1', { source: '§3.5 [M]' }, async (target) => {
    const { name, arn } = await target.thing({ room: '12' })
    expect(await target.iot.describeThing({ thingName: name })).toMatchObject({
      defaultClientId: name,
      thingName: name,
      thingArn: arn,
      attributes: { room: '12' },
      version: 1,
    })
  })

  behaviour('a thing that does not exist is not found', { source: '§3.2 [M]' }, async (target) => {
    const { iot } = target
    await expect(iot.describeThing({ thingName: target.name('thing') })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
