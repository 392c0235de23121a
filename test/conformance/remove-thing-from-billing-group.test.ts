import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('RemoveThingFromBillingGroup', ({ behaviour }) => {
  behaviour('a thing that is in no such group is removed without complaint', { source: '[M]' }, async (target) => {
    const thing = await target.thing()
    const billingGroupName = target.name('billing')
    await target.iot.createBillingGroup({ billingGroupName })
    const member = { thingName: thing.name, billingGroupName }
    await target.iot.addThingToBillingGroup(member)
    await target.iot.removeThingFromBillingGroup(member)
    expect((await target.iot.removeThingFromBillingGroup(member)).$metadata.httpStatusCode).toBe(200)
    expect((await target.iot.listThingsInBillingGroup({ billingGroupName })).things).toEqual([])
  })
})
