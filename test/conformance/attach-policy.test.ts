import { expect } from 'vitest'
import { policy, withCertificate } from './certificate.ts'
import { conformance } from './target.ts'

conformance('AttachPolicy', ({ behaviour }) => {
  behaviour('a policy is attached to certificates and thing groups, and lists its targets', { source: '§3.6 [M]' }, async (target) => {
    await withCertificate(target, async ({ arn }) => {
      const group = await target.group()
      const policyName = await policy(target)
      for (const each of [arn, group.arn]) await target.iot.attachPolicy({ policyName, target: each })
      const { targets = [] } = await target.iot.listTargetsForPolicy({ policyName })
      expect(targets.toSorted()).toEqual([arn, group.arn].toSorted())
      await target.iot.detachPolicy({ policyName, target: group.arn })
    })
  })

  behaviour('a policy that does not exist is not found', { source: '§3.6 [M]' }, async (target) => {
    await withCertificate(target, async ({ arn }) => {
      const missing = target.iot.attachPolicy({ policyName: target.name('none'), target: arn })
      await expect(missing).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    })
  })
})
