import { describe, expect, test } from 'vitest'
import { FakeCloud } from '../fake-context.ts'

function rehearse(things: string[], body: object = {}): FakeCloud {
  const cloud = new FakeCloud()
  cloud.registry.addGroup('fleet', things)
  cloud.createJob('j', ['fleet'], { targetSelection: 'CONTINUOUS', ...body })
  cloud.bus.take()
  return cloud
}

const finish = (cloud: FakeCloud, thing: string, status = 'SUCCEEDED') => cloud.device(thing, 'j/update', { status })

describe('a continuous job', () => {
  test('row 47: it never completes, and a thing that joins goes at once whatever the rate', () => {
    const cloud = rehearse(['a'], { jobExecutionsRolloutConfig: { maximumPerMinute: 1 } })
    finish(cloud, 'a')
    cloud.clock.run(60_000)
    expect(cloud.job('j').status).toBe('IN_PROGRESS')
    cloud.registry.join('b', 'fleet')
    cloud.registry.join('c', 'fleet')
    expect(cloud.counts('j')).toEqual({ Succeeded: 1, Queued: 2 })
  })

  test('a thing that waits for its turn and joins another group goes on waiting', () => {
    const cloud = rehearse(['a', 'b', 'c'], { jobExecutionsRolloutConfig: { maximumPerMinute: 1 } })
    cloud.registry.addGroup('lab')
    cloud.registry.join('c', 'lab')
    expect(cloud.counts('j')).toEqual({ Queued: 1 })
    cloud.registry.join('d', 'fleet')
    expect(cloud.counts('j')).toEqual({ Queued: 2 })
    cloud.clock.run(120_000)
    expect(cloud.counts('j')).toEqual({ Queued: 4 })
    cloud.registry.join('e', 'fleet')
    expect(cloud.counts('j')).toEqual({ Queued: 5 })
  })

  test('row 48: leaving removes what is queued and tells the thing; coming back starts anew', () => {
    const cloud = rehearse(['a'])
    cloud.registry.leave('a', 'fleet')
    expect(cloud.counts('j')).toEqual({ Removed: 1 })
    expect(cloud.bus.take()).toEqual([{ topic: 'a/jobs/notify', jobs: {} }, { topic: 'a/jobs/notify-next' }])
    cloud.registry.join('a', 'fleet')
    expect(cloud.counts('j')).toEqual({ Queued: 1 })
    expect(cloud.device('a', '$next/get').body.execution).toMatchObject({ executionNumber: 2, versionNumber: 1, status: 'QUEUED' })
  })

  test('leaving ends what runs, and no retry follows', () => {
    const cloud = rehearse(['a'], {
      jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'ALL', numberOfRetries: 3 }] },
      timeoutConfig: { inProgressTimeoutInMinutes: 1 },
    })
    cloud.device('a', 'start-next')
    cloud.registry.leave('a', 'fleet')
    cloud.clock.run(120_000)
    expect(cloud.counts('j')).toEqual({ Removed: 1 })
    expect(finish(cloud, 'a').code).toBe('InvalidStateTransition')
  })

  test('the retries of a thing that comes back are counted from 0', () => {
    const cloud = rehearse(['a'], { jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'FAILED', numberOfRetries: 1 }] } })
    finish(cloud, 'a', 'FAILED')
    cloud.registry.leave('a', 'fleet')
    cloud.registry.join('a', 'fleet')
    finish(cloud, 'a', 'FAILED')
    expect(cloud.counts('j')).toEqual({ Queued: 1 })
    finish(cloud, 'a', 'FAILED')
    expect(cloud.counts('j')).toEqual({ Failed: 1 })
  })

  test('a thing that finished, left and came back starts anew', () => {
    const cloud = rehearse(['a'])
    finish(cloud, 'a')
    cloud.registry.leave('a', 'fleet')
    expect(cloud.counts('j')).toEqual({ Succeeded: 1 })
    cloud.registry.join('a', 'fleet')
    expect(cloud.counts('j')).toEqual({ Queued: 1 })
  })

  test('a thing that is still in another target group stays', () => {
    const cloud = new FakeCloud()
    cloud.registry.addGroup('one', ['a'])
    cloud.registry.addGroup('two', ['a'])
    cloud.createJob('j', ['one', 'two'], { targetSelection: 'CONTINUOUS' })
    expect(cloud.counts('j')).toEqual({ Queued: 1 })
    cloud.registry.leave('a', 'one')
    cloud.registry.join('a', 'one')
    expect(cloud.counts('j')).toEqual({ Queued: 1 })
    expect(cloud.device('a', '$next/get').body.execution.executionNumber).toBe(1)
  })

  test('a thing that leaves before its turn is not notified', () => {
    const cloud = rehearse(['a', 'b', 'c'], { jobExecutionsRolloutConfig: { maximumPerMinute: 1 } })
    cloud.registry.leave('b', 'fleet')
    cloud.clock.run(60_000)
    expect(cloud.iot('ListJobExecutionsForJob', { jobId: 'j' }).executionSummaries.map(({ thingArn }: any) => thingArn.at(-1))).toEqual(['a', 'c'])
  })

  test('row 49: things of child groups are reached, at creation and when they join', () => {
    const cloud = new FakeCloud()
    cloud.registry.addGroup('parent')
    cloud.registry.addGroup('child', ['a'], 'parent')
    cloud.createJob('j', ['parent'], { targetSelection: 'CONTINUOUS' })
    cloud.registry.join('b', 'child')
    expect(cloud.counts('j')).toEqual({ Queued: 2 })
  })

  test('groups are added to it, and rolled out at its rate', () => {
    const cloud = rehearse(['a'], { jobExecutionsRolloutConfig: { maximumPerMinute: 1 } })
    cloud.registry.addGroup('more', ['a', 'b', 'c'])
    cloud.clock.run(90_000)
    const answer = cloud.iot('AssociateTargetsWithJob', { jobId: 'j' }, { body: { targets: [cloud.targetArn('more')], comment: 'wave 2' } })
    expect(answer).toMatchObject({ jobId: 'j' })
    expect(cloud.job('j')).toMatchObject({ comment: 'wave 2', targets: [cloud.targetArn('fleet'), cloud.targetArn('more')] })
    cloud.clock.run(30_000)
    expect(cloud.counts('j')).toEqual({ Queued: 2 })
    cloud.clock.run(60_000)
    expect(cloud.counts('j')).toEqual({ Queued: 3 })
  })

  test('nothing joins after it was canceled', () => {
    const cloud = rehearse(['a'])
    cloud.iot('CancelJob', { jobId: 'j' })
    cloud.registry.join('b', 'fleet')
    expect(cloud.counts('j')).toEqual({ Canceled: 1 })
  })
})

describe('a snapshot job', () => {
  test('keeps the members of its creation: nobody joins, nobody is removed', () => {
    const cloud = rehearse(['a', 'b'], { targetSelection: 'SNAPSHOT', jobExecutionsRolloutConfig: { maximumPerMinute: 1 } })
    cloud.registry.join('c', 'fleet')
    cloud.registry.leave('a', 'fleet')
    cloud.registry.leave('b', 'fleet')
    cloud.clock.run(120_000)
    expect(cloud.counts('j')).toEqual({ Queued: 2 })
  })

  test('row 46: COMPLETED when everything failed', () => {
    const cloud = rehearse(['a', 'b'], { targetSelection: 'SNAPSHOT' })
    cloud.clock.run(60_000)
    for (const thing of ['a', 'b']) finish(cloud, thing, 'FAILED')
    expect(cloud.job('j').status).toBe('COMPLETED')
  })

  test('not while targets wait for their turn', () => {
    const cloud = rehearse(['a', 'b'], { targetSelection: 'SNAPSHOT', jobExecutionsRolloutConfig: { maximumPerMinute: 1 } })
    finish(cloud, 'a')
    expect(cloud.job('j').status).toBe('IN_PROGRESS')
    cloud.clock.run(60_000)
    finish(cloud, 'b')
    expect(cloud.job('j').status).toBe('COMPLETED')
  })

  test.each(['SNAPSHOT', 'CONTINUOUS'])('a deleted thing takes its executions along (%s)', (targetSelection) => {
    const cloud = rehearse(['a', 'b', 'c'], { targetSelection, jobExecutionsRolloutConfig: { maximumPerMinute: 2 } })
    finish(cloud, 'a')
    cloud.registry.delete('b')
    cloud.clock.run(30_000)
    expect(cloud.counts('j')).toEqual({ Succeeded: 1, Queued: 1 })
    cloud.registry.delete('c')
    expect(cloud.counts('j')).toEqual({ Succeeded: 1 })
    expect(cloud.job('j').status).toBe(targetSelection === 'SNAPSHOT' ? 'COMPLETED' : 'IN_PROGRESS')
  })

  test('it completes at once when the last that waited is deleted', () => {
    const cloud = rehearse(['a', 'b'], { targetSelection: 'SNAPSHOT', jobExecutionsRolloutConfig: { maximumPerMinute: 1 } })
    finish(cloud, 'a')
    cloud.registry.delete('b')
    expect(cloud.job('j').status).toBe('COMPLETED')
  })
})
