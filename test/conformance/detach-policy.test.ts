import { expect } from 'vitest'
import { policy, withCertificate } from './certificate.ts'
import { conformance } from './target.ts'

conformance('DetachPolicy', ({ behaviour }) => {
  behaviour('a policy that was detached is listed no more', { source: '§3.6 [M]' }, async (target) => {
    await withCertificate(target, async ({ arn }) => {
      const policyName = await policy(target)
      await target.iot.attachPolicy({ policyName, target: arn })
      await target.iot.detachPolicy({ policyName, target: arn })
      expect((await target.iot.listAttachedPolicies({ target: arn })).policies).toEqual([])
    })
  })
})
