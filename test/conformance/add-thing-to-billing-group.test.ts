import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('AddThingToBillingGroup', ({ behaviour }) => {
  behaviour('twice is once, by name or by ARN', { source: '[M]' }, async (target) => {
    const thing = await target.thing()
    const billingGroupName = target.name('billing')
    const { billingGroupArn } = await target.iot.createBillingGroup({ billingGroupName })
    await target.iot.addThingToBillingGroup({ thingArn: thing.arn, billingGroupArn: billingGroupArn! })
    await target.iot.addThingToBillingGroup({ thingName: thing.name, billingGroupName })
    expect((await target.iot.listThingsInBillingGroup({ billingGroupName })).things).toEqual([thing.name])
  })
})
