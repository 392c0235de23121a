import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('CreateThingGroup', ({ behaviour }) => {
  behaviour('the same again succeeds, another parent or other attributes are refused', { source: '§3.5 [M]' }, async (target) => {
    const { iot } = target
    const parent = await target.group()
    const request = { thingGroupName: target.name('group'), parentGroupName: parent.name }
    const created = await iot.createThingGroup(request)
    expect((await iot.createThingGroup(request)).thingGroupId).toBe(created.thingGroupId)
    await expect(iot.createThingGroup({ thingGroupName: request.thingGroupName })).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
      resourceArn: created.thingGroupArn,
    })
  })

  behaviour('groups nest seven deep', { source: '§3.5 [G]' }, async (target) => {
    let parent: string | undefined
    for (let depth = 0; depth < 7; depth++) parent = (await target.group([], parent)).name
    await expect(target.group([], parent)).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })

  behaviour('a job on a parent group reaches the things of its child groups', { row: 49, source: '§3.5 [G]' }, async (target) => {
    const thing = await target.thing()
    const parent = await target.group()
    const child = await target.group([], parent.name)
    await target.group([thing.name], child.name)
    const jobId = target.name('job')
    await target.iot.createJob({ jobId, targets: [parent.arn], document: '{}' })
    await target.pass(60)
    expect((await target.iot.listJobExecutionsForJob({ jobId })).executionSummaries).toMatchObject([{ thingArn: thing.arn }])
  })
})
