import { expect } from 'vitest'
import { DENY_ALL, policy } from './certificate.ts'
import { conformance } from './target.ts'

conformance('SetDefaultPolicyVersion', ({ behaviour }) => {
  behaviour('another version counts from now on', { source: 'client-iot [M]' }, async (target) => {
    const policyName = await policy(target)
    await target.iot.createPolicyVersion({ policyName, policyDocument: DENY_ALL })
    await target.iot.setDefaultPolicyVersion({ policyName, policyVersionId: '2' })
    expect(await target.iot.getPolicyVersion({ policyName, policyVersionId: '2' })).toMatchObject({
      isDefaultVersion: true,
      policyDocument: DENY_ALL,
    })
    const { policyVersions = [] } = await target.iot.listPolicyVersions({ policyName })
    expect(policyVersions.filter(({ isDefaultVersion }) => isDefaultVersion).map(({ versionId }) => versionId)).toEqual(['2'])
    await target.iot.deletePolicyVersion({ policyName, policyVersionId: '1' })
  })
})
