import { IoTServiceException } from '@aws-sdk/client-iot'
import { expect } from 'vitest'
import { policy } from './certificate.ts'
import { conformance } from './target.ts'

conformance('DeletePolicyVersion', ({ behaviour }) => {
  behaviour('the default version is refused', { source: 'client-iot [M]' }, async (target) => {
    const policyName = await policy(target)
    await expect(target.iot.deletePolicyVersion({ policyName, policyVersionId: '1' })).rejects.toBeInstanceOf(IoTServiceException)
  })
})
