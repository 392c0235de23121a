import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('DeleteBillingGroup', ({ behaviour }) => {
  behaviour('a group that does not exist is deleted without complaint', { source: '[M]' }, async (target) => {
    const { iot } = target
    const billingGroupName = target.name('billing')
    await iot.createBillingGroup({ billingGroupName })
    await iot.deleteBillingGroup({ billingGroupName })
    expect((await iot.deleteBillingGroup({ billingGroupName })).$metadata.httpStatusCode).toBe(200)
    await expect(iot.describeBillingGroup({ billingGroupName })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
