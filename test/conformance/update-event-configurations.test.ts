import { expect } from 'vitest'
import { conformance } from './target.ts'

conformance('UpdateEventConfigurations', ({ behaviour }) => {
  behaviour('job events are not published until they are switched on', { row: 70, source: '§7 [G]' }, async (target) => {
    const { iot } = target
    const thing = await target.thing()
    const listener = await target.device()
    await listener.subscribe('$aws/events/job/#')
    const finishJob = async () => {
      const jobId = target.name('job')
      await iot.createJob({ jobId, targets: [thing.arn], document: '{}' })
      await target.pass(60)
      await target.jobs.updateJobExecution({ jobId, thingName: thing.name, status: 'SUCCEEDED' })
      await target.pass(60)
      return jobId
    }
    await iot.updateEventConfigurations({ eventConfigurations: { JOB: { Enabled: false } } })
    await finishJob()
    await listener.quiet()
    await iot.updateEventConfigurations({ eventConfigurations: { JOB: { Enabled: true } } })
    try {
      const jobId = await finishJob()
      expect((await listener.next(`$aws/events/job/${jobId}/completed`)).payload).toMatchObject({ eventType: 'JOB', operation: 'completed', jobId })
    } finally {
      await iot.updateEventConfigurations({ eventConfigurations: { JOB: { Enabled: false } } })
    }
  })

  behaviour('types that are not named stay as they are', { source: '§3.6 [M]' }, async ({ iot }) => {
    await iot.updateEventConfigurations({ eventConfigurations: { THING_TYPE: { Enabled: true } } })
    await iot.updateEventConfigurations({ eventConfigurations: { POLICY: { Enabled: false } } })
    const { eventConfigurations, lastModifiedDate } = await iot.describeEventConfigurations({})
    expect([eventConfigurations!.THING_TYPE!.Enabled, eventConfigurations!.POLICY!.Enabled]).toEqual([true, false])
    expect(lastModifiedDate).toBeInstanceOf(Date)
    await iot.updateEventConfigurations({ eventConfigurations: { THING_TYPE: { Enabled: false } } })
  })
})
