import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('RemoveThingFromThingGroup', ({ behaviour }) => {
  behaviour('a thing that is in no such group is removed without complaint', { source: '§3.5 [M]' }, async (target) => {
    const [thing, group] = [await target.thing(), await target.group()]
    const answer = await target.iot.removeThingFromThingGroup({ thingName: thing.name, thingGroupName: group.name })
    expect(answer.$metadata.httpStatusCode).toBe(200)
  })

  behaviour(
    'a queued thing that leaves the group of a continuous job is REMOVED and told so; when it comes back it is QUEUED again',
    { row: 48, source: '§4.1 [G]' },
    async (target) => {
      const thing = await target.thing()
      const group = await target.group([thing.name])
      const jobId = target.name('job')
      await target.iot.createJob({ jobId, targets: [group.arn], document: '{}', targetSelection: 'CONTINUOUS' })
      await target.pass(60)
      const device = await target.device({ clientId: thing.name })
      const notify = `$aws/things/${thing.name}/jobs/notify`
      await device.subscribe(notify)
      const membership = { thingName: thing.name, thingGroupName: group.name }
      const status = async () => (await target.iot.describeJobExecution({ jobId, thingName: thing.name })).execution!.status
      await target.iot.removeThingFromThingGroup(membership)
      expect((await device.next(notify)).payload.jobs).toEqual({})
      expect(await status()).toBe('REMOVED')
      await target.iot.addThingToThingGroup(membership)
      await target.pass(60)
      expect((await device.next(notify)).payload.jobs).toMatchObject({ QUEUED: [{ jobId }] })
      expect(await status()).toBe('QUEUED')
    },
  )
})
