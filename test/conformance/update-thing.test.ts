import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('UpdateThing', ({ behaviour }) => {
  behaviour('attributes are replaced, or merged with merge', { source: '§3.5 [M]' }, async (target) => {
    const { name: thingName } = await target.thing({ a: '1', b: '2' })
    await target.iot.updateThing({ thingName, attributePayload: { attributes: { b: '3', c: '4' }, merge: true } })
    expect(await target.iot.describeThing({ thingName })).toMatchObject({ attributes: { a: '1', b: '3', c: '4' }, version: 2 })
    await target.iot.updateThing({ thingName, attributePayload: { attributes: { z: '9' } } })
    expect((await target.iot.describeThing({ thingName })).attributes).toEqual({ z: '9' })
  })

  behaviour('an empty value removes an attribute', { source: '§3.5 [M]' }, async (target) => {
    const { name: thingName } = await target.thing({ a: '1', b: '2' })
    await target.iot.updateThing({ thingName, attributePayload: { attributes: { a: '' }, merge: true } })
    expect((await target.iot.describeThing({ thingName })).attributes).toEqual({ b: '2' })
  })

  behaviour('a version that is not the current one is refused', { source: '§3.5 [M]' }, async (target) => {
    const { name: thingName } = await target.thing()
    await expect(target.iot.updateThing({ thingName, expectedVersion: 7 })).rejects.toMatchObject({
      name: 'VersionConflictException',
      $metadata: { httpStatusCode: 409 },
    })
  })

  behaviour('removeThingType takes the type away', { source: '§3.5 [M]' }, async (target) => {
    const { iot } = target
    const [thingTypeName, thingName] = [target.name('type'), target.name('thing')]
    await iot.createThingType({ thingTypeName })
    await iot.createThing({ thingName, thingTypeName })
    expect((await iot.describeThing({ thingName })).thingTypeName).toBe(thingTypeName)
    await iot.updateThing({ thingName, removeThingType: true })
    expect((await iot.describeThing({ thingName })).thingTypeName).toBeUndefined()
    await iot.deprecateThingType({ thingTypeName })
  })
})
