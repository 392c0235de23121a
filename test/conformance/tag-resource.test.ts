import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('TagResource', ({ behaviour }) => {
  behaviour('a tag is added, and a key that is there gets the new value', { row: 84, source: '§3.1 [M]' }, async (target) => {
    const { arn: resourceArn } = await target.group()
    await target.iot.tagResource({
      resourceArn,
      tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    })
    await target.iot.tagResource({ resourceArn, tags: [{ Key: 'a', Value: '3' }] })
    const { tags } = await target.iot.listTagsForResource({ resourceArn })
    expect(tags!.toSorted((one, other) => (one.Key! < other.Key! ? -1 : 1))).toEqual([
      { Key: 'a', Value: '3' },
      { Key: 'b', Value: '2' },
    ])
  })

  behaviour('things cannot have tags', { source: '[G]' }, async (target) => {
    const { arn: resourceArn } = await target.thing()
    await expect(target.iot.tagResource({ resourceArn, tags: [{ Key: 'a', Value: '1' }] })).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })

  behaviour('thing types, billing groups, policies and jobs can', { source: '[M]' }, async (target) => {
    const { iot } = target
    const [thingTypeName, billingGroupName, policyName, jobId] = ['type', 'billing', 'policy', 'job'].map((kind) => target.name(kind)) as [
      string,
      string,
      string,
      string,
    ]
    const tags = [{ Key: 'a', Value: '1' }]
    const policyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'iot:Connect', Resource: '*' }] })
    const arns = [
      (await iot.createThingType({ thingTypeName, tags })).thingTypeArn,
      (await iot.createBillingGroup({ billingGroupName, tags })).billingGroupArn,
      (await iot.createPolicy({ policyName, policyDocument, tags })).policyArn,
      (await iot.createJob({ jobId, targets: [(await target.thing()).arn], document: '{}', tags })).jobArn,
    ]
    for (const resourceArn of arns) expect((await iot.listTagsForResource({ resourceArn: resourceArn! })).tags).toEqual(tags)
    await iot.deprecateThingType({ thingTypeName })
  })

  behaviour('a resource has at most 50 tags', { source: '[M]' }, async (target) => {
    const { arn: resourceArn } = await target.group()
    const tags = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }))
    await target.iot.tagResource({ resourceArn, tags })
    await expect(target.iot.tagResource({ resourceArn, tags: [{ Key: 'more', Value: '' }] })).rejects.toMatchObject({
      name: 'LimitExceededException',
    })
  })
})
