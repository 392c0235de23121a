import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('DeleteThing', ({ behaviour }) => {
  behaviour('a thing that does not exist is deleted without complaint', { row: 83, source: '§3.5 [M]' }, async (target) => {
    const { iot } = target
    expect((await iot.deleteThing({ thingName: target.name('thing') })).$metadata.httpStatusCode).toBe(200)
  })

  behaviour('a version that is not the current one is refused', { source: '§3.5 [M]' }, async (target) => {
    const { name: thingName } = await target.thing()
    await expect(target.iot.deleteThing({ thingName, expectedVersion: 7 })).rejects.toMatchObject({ name: 'VersionConflictException' })
  })

  behaviour('a thing with a certificate is refused until that is detached', { source: '§3.5 [M], moto' }, async (target) => {
    const { iot } = target
    const { name: thingName } = await target.thing()
    const { certificateArn, certificateId } = await iot.createKeysAndCertificate({ setAsActive: false })
    const attachment = { thingName, principal: certificateArn! }
    await iot.attachThingPrincipal(attachment)
    await expect(iot.deleteThing({ thingName })).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: expect.stringContaining('still attached'),
    })
    await iot.detachThingPrincipal(attachment)
    await iot.deleteThing({ thingName })
    await iot.deleteCertificate({ certificateId: certificateId! })
    await expect(iot.describeThing({ thingName })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  behaviour('a thing that is made anew has another id', { source: '§3.5 [M]: ids are unique' }, async (target) => {
    const { name: thingName } = await target.thing()
    const { thingId } = await target.iot.describeThing({ thingName })
    await target.iot.deleteThing({ thingName })
    expect((await target.iot.createThing({ thingName })).thingId).not.toBe(thingId)
  })
})
