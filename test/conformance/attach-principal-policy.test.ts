import { expect } from 'vitest'
import { policy, withCertificate } from './certificate.ts'
import { conformance } from './target.ts'

conformance('AttachPrincipalPolicy', ({ behaviour }) => {
  behaviour(
    'the old operations read the principal from x-amzn-iot-principal and the policy from x-amzn-iot-policy',
    { source: '§3.6 [M]' },
    async (target) => {
      await withCertificate(target, async ({ arn }) => {
        const policyName = await policy(target)
        await target.iot.attachPrincipalPolicy({ policyName, principal: arn })
        expect((await target.iot.listPrincipalPolicies({ principal: arn })).policies).toMatchObject([{ policyName }])
        expect((await target.iot.listPolicyPrincipals({ policyName })).principals).toHaveLength(1)
        await target.iot.detachPrincipalPolicy({ policyName, principal: arn })
        expect((await target.iot.listPrincipalPolicies({ principal: arn })).policies).toEqual([])
      })
    },
  )
})
