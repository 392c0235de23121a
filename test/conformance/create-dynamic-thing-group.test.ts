import { expect } from 'vitest'
import { indexed } from './indexed.ts'
import { conformance } from './target.ts'

conformance('CreateDynamicThingGroup', ({ behaviour }) => {
  behaviour('the index and the version of the query language are filled in', { source: '§3.5 [M]', embeddedOnly: true }, async (target) => {
    await indexed(target)
    const request = { thingGroupName: target.name('dynamic'), queryString: 'attributes.watts>60' }
    expect(await target.iot.createDynamicThingGroup(request)).toMatchObject({ ...request, indexName: 'AWS_Things', queryVersion: '2017-09-30' })
  })

  behaviour(
    'a group is BUILDING, then ACTIVE with what its query finds',
    { source: 'guide: dynamic thing groups [G]', embeddedOnly: true },
    async (target) => {
      await indexed(target)
      const thing = await target.thing({ built: 'yes' })
      const thingGroupName = target.name('dynamic')
      await target.iot.createDynamicThingGroup({ thingGroupName, queryString: 'attributes.built:yes' })
      const status = async () => (await target.iot.describeThingGroup({ thingGroupName })).status
      expect(await status()).toBe('BUILDING')
      await target.pass(30)
      expect(await status()).toBe('ACTIVE')
      expect((await target.iot.listThingsInThingGroup({ thingGroupName })).things).toEqual([thing.name])
    },
  )

  behaviour(
    'members follow the shadow, and a continuous job follows the members',
    { source: 'guide: dynamic thing groups [G]', embeddedOnly: true },
    async (target) => {
      await indexed(target)
      const { iot, data } = target
      const { name: thingName, arn: thingArn } = await target.thing()
      const thingGroupName = target.name('dynamic')
      const { thingGroupArn } = await iot.createDynamicThingGroup({ thingGroupName, queryString: 'shadow.reported.charge>80' })
      const jobId = target.name('job')
      await iot.createJob({ jobId, targets: [thingGroupArn!], document: '{}', targetSelection: 'CONTINUOUS' })
      await target.pass(60)
      expect((await iot.listJobExecutionsForJob({ jobId })).executionSummaries).toEqual([])
      await data.updateThingShadow({ thingName, payload: Buffer.from('{"state":{"reported":{"charge":90}}}') })
      await target.pass(60)
      expect((await iot.listJobExecutionsForJob({ jobId })).executionSummaries).toMatchObject([
        { thingArn, jobExecutionSummary: { status: 'QUEUED' } },
      ])
      await data.updateThingShadow({ thingName, payload: Buffer.from('{"state":{"reported":{"charge":10}}}') })
      await target.pass(60)
      expect((await iot.listJobExecutionsForJob({ jobId })).executionSummaries).toMatchObject([
        { thingArn, jobExecutionSummary: { status: 'REMOVED' } },
      ])
    },
  )

  behaviour('nobody adds or removes members by hand', { source: '§3.5 [G]', embeddedOnly: true }, async (target) => {
    await indexed(target)
    const { name: thingName } = await target.thing()
    const thingGroupName = target.name('dynamic')
    await target.iot.createDynamicThingGroup({ thingGroupName, queryString: 'thingName:nobody' })
    const refused = { name: 'InvalidRequestException' }
    await expect(target.iot.addThingToThingGroup({ thingName, thingGroupName })).rejects.toMatchObject(refused)
    await expect(target.iot.removeThingFromThingGroup({ thingName, thingGroupName })).rejects.toMatchObject(refused)
  })

  behaviour('a query that cannot be read is refused', { source: '§3.5 [M]', embeddedOnly: true }, async (target) => {
    await indexed(target)
    const request = { thingGroupName: target.name('dynamic'), queryString: 'attributes.a:(' }
    await expect(target.iot.createDynamicThingGroup(request)).rejects.toMatchObject({ name: 'InvalidQueryException' })
  })

  behaviour('an account has 100 dynamic groups', { source: '§3.5 [G]', embeddedOnly: true }, async (target) => {
    await indexed(target)
    const create = () => target.iot.createDynamicThingGroup({ thingGroupName: target.name('dynamic'), queryString: 'thingName:nobody' })
    const outcomes: string[] = []
    for (let n = 0; n < 101 && !outcomes.includes('LimitExceededException'); n++)
      outcomes.push(
        await create().then(
          () => 'made',
          ({ name }) => name,
        ),
      )
    expect(outcomes.at(-1)).toBe('LimitExceededException')
  })
})
