import { expect } from 'vitest'
import { withCertificate } from './certificate.ts'
import { conformance } from './target.ts'

conformance('ListThingPrincipalsV2', ({ behaviour }) => {
  behaviour('principals come with the type of their attachment, and are filtered by it', { source: 'client-iot [M]' }, async (target) => {
    await withCertificate(target, async ({ arn }) => {
      const { name: thingName } = await target.thing()
      await target.iot.attachThingPrincipal({ thingName, principal: arn })
      const { thingPrincipalObjects } = await target.iot.listThingPrincipalsV2({ thingName })
      expect(thingPrincipalObjects).toEqual([{ principal: arn, thingPrincipalType: 'NON_EXCLUSIVE_THING' }])
      const exclusive = await target.iot.listThingPrincipalsV2({ thingName, thingPrincipalType: 'EXCLUSIVE_THING' })
      expect(exclusive.thingPrincipalObjects).toEqual([])
    })
  })
})
