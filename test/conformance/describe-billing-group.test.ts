import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('DescribeBillingGroup', ({ behaviour }) => {
  behaviour('version, description and date', { source: '[M]' }, async (target) => {
    const { iot } = target
    const billingGroupName = target.name('billing')
    await iot.createBillingGroup({ billingGroupName, billingGroupProperties: { billingGroupDescription: 'flats' } })
    expect(await iot.describeBillingGroup({ billingGroupName })).toMatchObject({
      billingGroupName,
      version: 1,
      billingGroupProperties: { billingGroupDescription: 'flats' },
      billingGroupMetadata: { creationDate: expect.any(Date) },
    })
    await expect(iot.describeBillingGroup({ billingGroupName: target.name('billing') })).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})
