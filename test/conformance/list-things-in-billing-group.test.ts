import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('ListThingsInBillingGroup', ({ behaviour }) => {
  behaviour('names of things, page by page', { source: '[M]' }, async (target) => {
    const billingGroupName = target.name('billing')
    await target.iot.createBillingGroup({ billingGroupName })
    for (let n = 0; n < 3; n++) await target.iot.createThing({ thingName: target.name('thing'), billingGroupName })
    const first = await target.iot.listThingsInBillingGroup({ billingGroupName, maxResults: 2 })
    const second = await target.iot.listThingsInBillingGroup({ billingGroupName, maxResults: 2, nextToken: first.nextToken! })
    expect([first.things!.length, second.things!.length, second.nextToken]).toEqual([2, 1, undefined])
  })
})
