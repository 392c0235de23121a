import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('ListBillingGroups', ({ behaviour }) => {
  behaviour('groups by the beginning of their name', { source: '[M]' }, async (target) => {
    const { iot } = target
    const billingGroupName = target.name('billing')
    const { billingGroupArn } = await iot.createBillingGroup({ billingGroupName })
    expect((await iot.listBillingGroups({ namePrefixFilter: billingGroupName })).billingGroups).toEqual([
      { groupName: billingGroupName, groupArn: billingGroupArn },
    ])
  })
})
