import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('CreateBillingGroup', ({ behaviour }) => {
  behaviour('the same again succeeds, another description is refused', { source: '[M]' }, async (target) => {
    const { iot, region, account } = target
    const request = { billingGroupName: target.name('billing'), billingGroupProperties: { billingGroupDescription: 'flats' } }
    const created = await iot.createBillingGroup(request)
    expect(created.billingGroupArn).toBe(`arn:aws:iot:${region}:${account}:billinggroup/${request.billingGroupName}`)
    expect((await iot.createBillingGroup(request)).billingGroupId).toBe(created.billingGroupId)
    await expect(iot.createBillingGroup({ billingGroupName: request.billingGroupName })).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
    })
  })

  behaviour('a thing may be made in it', { source: '§3.5 [M]' }, async (target) => {
    const { iot } = target
    const [billingGroupName, thingName] = [target.name('billing'), target.name('thing')]
    await iot.createBillingGroup({ billingGroupName })
    await iot.createThing({ thingName, billingGroupName })
    expect((await iot.describeThing({ thingName })).billingGroupName).toBe(billingGroupName)
  })
})
