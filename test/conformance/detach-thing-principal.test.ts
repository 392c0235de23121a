import { expect } from 'vitest'
import { withCertificate } from './certificate.ts'
import { conformance } from './target.ts'

conformance('DetachThingPrincipal', ({ behaviour }) => {
  behaviour('a thing with a certificate is not deleted until it is detached', { source: '§3.5 [M]' }, async (target) => {
    await withCertificate(target, async ({ arn }) => {
      const { name: thingName } = await target.thing()
      await target.iot.attachThingPrincipal({ thingName, principal: arn })
      await expect(target.iot.deleteThing({ thingName })).rejects.toMatchObject({ name: 'InvalidRequestException' })
      await target.iot.detachThingPrincipal({ thingName, principal: arn })
      await target.pass(5)
      expect((await target.iot.listThingPrincipals({ thingName })).principals).toEqual([])
      await target.iot.deleteThing({ thingName })
    })
  })
})
