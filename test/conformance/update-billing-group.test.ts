import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('UpdateBillingGroup', ({ behaviour }) => {
  behaviour('the version grows; one that is not the current one is refused', { source: '[M]' }, async (target) => {
    const { iot } = target
    const billingGroupName = target.name('billing')
    await iot.createBillingGroup({ billingGroupName })
    const request = { billingGroupName, billingGroupProperties: { billingGroupDescription: 'houses' }, expectedVersion: 1 }
    expect((await iot.updateBillingGroup(request)).version).toBe(2)
    await expect(iot.updateBillingGroup(request)).rejects.toMatchObject({ name: 'VersionConflictException' })
  })
})
