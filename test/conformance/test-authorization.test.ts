import { expect } from 'vitest'
import { DENY_ALL, policy, withCertificate } from './certificate.ts'
import { conformance } from './target.ts'

conformance('TestAuthorization', ({ behaviour }) => {
  behaviour('nothing said is an implicit denial, a Deny wins over an Allow', { source: 'client-iot [M]' }, async (target) => {
    await withCertificate(target, async ({ arn }) => {
      const resources = [`arn:aws:iot:${target.region}:${target.account}:topic/a`]
      const decision = async () => {
        const { authResults } = await target.iot.testAuthorization({
          principal: arn,
          clientId: 'a',
          authInfos: [{ actionType: 'PUBLISH', resources }],
        })
        return authResults![0]!.authDecision
      }
      expect(await decision()).toBe('IMPLICIT_DENY')
      await target.iot.attachPolicy({ policyName: await policy(target), target: arn })
      expect(await decision()).toBe('ALLOWED')
      await target.iot.attachPolicy({ policyName: await policy(target, DENY_ALL), target: arn })
      expect(await decision()).toBe('EXPLICIT_DENY')
    })
  })
})
