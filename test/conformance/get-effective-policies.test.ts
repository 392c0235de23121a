import { expect } from 'vitest'
import { DENY_ALL, policy, withCertificate } from './certificate.ts'
import { conformance } from './target.ts'

conformance('GetEffectivePolicies', ({ behaviour }) => {
  behaviour('policies of the certificate and of the groups of the thing count together', { source: 'client-iot [M]' }, async (target) => {
    await withCertificate(target, async ({ arn }) => {
      const { name: thingName } = await target.thing()
      const group = await target.group([thingName])
      await target.iot.attachThingPrincipal({ thingName, principal: arn })
      const [own, inherited] = [await policy(target), await policy(target, DENY_ALL)]
      await target.iot.attachPolicy({ policyName: own, target: arn })
      await target.iot.attachPolicy({ policyName: inherited, target: group.arn })
      const { effectivePolicies = [] } = await target.iot.getEffectivePolicies({ principal: arn, thingName })
      expect(effectivePolicies.map(({ policyName }) => policyName!).toSorted()).toEqual([own, inherited].toSorted())
      expect(effectivePolicies.find(({ policyName }) => policyName === inherited)?.policyDocument).toBe(DENY_ALL)
      await target.iot.detachPolicy({ policyName: inherited, target: group.arn })
    })
  })
})
