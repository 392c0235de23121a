import { expect } from 'vitest'
import { ALLOW_ALL, policy, withCertificate } from './certificate.ts'
import { conformance } from './target.ts'

conformance('DeletePolicy', ({ behaviour }) => {
  behaviour('a policy that is attached is refused', { source: '§3.6 [M]' }, async (target) => {
    await withCertificate(target, async ({ arn }) => {
      const policyName = await policy(target)
      await target.iot.attachPolicy({ policyName, target: arn })
      await expect(target.iot.deletePolicy({ policyName })).rejects.toMatchObject({ name: 'DeleteConflictException' })
    })
  })

  behaviour('a policy with other versions than the default one is refused', { source: '§3.6 [M]' }, async (target) => {
    const policyName = await policy(target)
    await target.iot.createPolicyVersion({ policyName, policyDocument: ALLOW_ALL })
    await expect(target.iot.deletePolicy({ policyName })).rejects.toMatchObject({ name: 'DeleteConflictException' })
    await target.iot.deletePolicyVersion({ policyName, policyVersionId: '2' })
    await target.iot.deletePolicy({ policyName })
    await expect(target.iot.getPolicy({ policyName })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
