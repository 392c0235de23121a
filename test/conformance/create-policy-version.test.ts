import { expect } from 'vitest'
import { ALLOW_ALL, DENY_ALL, policy } from './certificate.ts'
import { conformance } from './target.ts'

conformance('CreatePolicyVersion', ({ behaviour }) => {
  behaviour('the sixth version is refused', { source: '§3.6 [M]' }, async (target) => {
    const policyName = await policy(target)
    for (let version = 2; version <= 5; version++) {
      const made = await target.iot.createPolicyVersion({ policyName, policyDocument: ALLOW_ALL })
      expect(made).toMatchObject({ policyVersionId: String(version), isDefaultVersion: false })
    }
    await expect(target.iot.createPolicyVersion({ policyName, policyDocument: ALLOW_ALL })).rejects.toMatchObject({
      name: 'VersionsLimitExceededException',
    })
    for (const policyVersionId of ['2', '3', '4', '5']) await target.iot.deletePolicyVersion({ policyName, policyVersionId })
  })

  behaviour('a version counts at once with setAsDefault', { source: 'client-iot [M]' }, async (target) => {
    const policyName = await policy(target)
    await target.iot.createPolicyVersion({ policyName, policyDocument: DENY_ALL, setAsDefault: true })
    expect(await target.iot.getPolicy({ policyName })).toMatchObject({ defaultVersionId: '2', policyDocument: DENY_ALL })
    await target.iot.deletePolicyVersion({ policyName, policyVersionId: '1' })
  })
})
