import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('CreateThing', ({ behaviour }) => {
  behaviour('answers the name, the ARN and an id', { source: '§3.5 [M]' }, async (target) => {
    const { iot, region, account } = target
    const thingName = target.name('thing')
    const created = await iot.createThing({ thingName })
    expect(created).toMatchObject({
      thingName,
      thingArn: `arn:aws:iot:${region}:${account}:thing/${thingName}`,
      thingId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  })

  behaviour('the same configuration again succeeds, another one is refused with the ARN', { row: 83, source: '§3.5 [M]' }, async (target) => {
    const { iot } = target
    const request = { thingName: target.name('thing'), attributePayload: { attributes: { room: '1' } } }
    const first = await iot.createThing(request)
    expect((await iot.createThing(request)).thingId).toBe(first.thingId)
    await expect(iot.createThing({ ...request, attributePayload: { attributes: { room: '2' } } })).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
      resourceArn: first.thingArn,
      $metadata: { httpStatusCode: 409 },
    })
  })

  behaviour('a thing without a type has at most three attributes', { source: '§3.5 [G]' }, async (target) => {
    const { iot } = target
    const thingName = target.name('thing')
    const attributePayload = { attributes: { a: '1', b: '2', c: '3', d: '4' } }
    await expect(iot.createThing({ thingName, attributePayload })).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })

  behaviour('a type or a billing group that does not exist is not found', { source: '§3.5 [M]' }, async (target) => {
    const { iot } = target
    const missing = { name: 'ResourceNotFoundException' }
    await expect(iot.createThing({ thingName: target.name('thing'), thingTypeName: target.name('type') })).rejects.toMatchObject(missing)
    await expect(iot.createThing({ thingName: target.name('thing'), billingGroupName: target.name('billing') })).rejects.toMatchObject(missing)
  })
})
