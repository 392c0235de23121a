import { expect } from 'vitest'
import { withCertificate } from './certificate.ts'
import { conformance } from './target.ts'

conformance('ListPrincipalThingsV2', ({ behaviour }) => {
  behaviour('things come with the type of their attachment, and are filtered by it', { source: 'client-iot [M]' }, async (target) => {
    await withCertificate(target, async ({ arn }) => {
      const { name: thingName } = await target.thing()
      await target.iot.attachThingPrincipal({ thingName, principal: arn, thingPrincipalType: 'EXCLUSIVE_THING' })
      const { principalThingObjects } = await target.iot.listPrincipalThingsV2({ principal: arn, thingPrincipalType: 'EXCLUSIVE_THING' })
      expect(principalThingObjects).toEqual([{ thingName, thingPrincipalType: 'EXCLUSIVE_THING' }])
      const others = await target.iot.listPrincipalThingsV2({ principal: arn, thingPrincipalType: 'NON_EXCLUSIVE_THING' })
      expect(others.principalThingObjects).toEqual([])
    })
  })
})
