import { describe, expect, test } from 'vitest'
import { FakeCloud, START_MS } from '../fake-context.ts'

const FORCE = { query: { force: 'true' } }

/** Three things and a job with a description, at one second after its creation; events are on. */
function rehearse(body: object = {}): FakeCloud {
  const cloud = new FakeCloud()
  cloud.registry.addGroup('fleet', ['a', 'b', 'c'])
  cloud.createJob('j', ['fleet'], { description: 'to 2.0', ...body })
  cloud.clock.run(1000)
  cloud.events.isOn = true
  cloud.bus.isWanted = (topic) => topic.startsWith('$aws/events/')
  cloud.bus.take()
  return cloud
}

function told(cloud: FakeCloud): { topic: string; [member: string]: unknown }[] {
  return cloud.bus.take().map(({ topic, ...members }) => ({ topic: topic.replace('$aws/events/', ''), ...members }))
}

const topics = (cloud: FakeCloud): string[] => told(cloud).map(({ topic }) => topic)
const report = (cloud: FakeCloud, thing: string, status: string, statusDetails?: object) => cloud.device(thing, 'j/update', { status, statusDetails })

describe('events of executions', () => {
  test('how each one ended, with what its device said', () => {
    const cloud = rehearse()
    report(cloud, 'a', 'IN_PROGRESS')
    report(cloud, 'a', 'SUCCEEDED', { version: '2.0' })
    report(cloud, 'b', 'REJECTED')
    expect(told(cloud)).toEqual([
      {
        topic: 'jobExecution/j/succeeded',
        operation: 'succeeded',
        jobId: 'j',
        thingArn: 'arn:aws:iot:eu-west-1:123456789012:thing/a',
        status: 'SUCCEEDED',
        statusDetails: { version: '2.0' },
      },
      {
        topic: 'jobExecution/j/rejected',
        operation: 'rejected',
        jobId: 'j',
        thingArn: 'arn:aws:iot:eu-west-1:123456789012:thing/b',
        status: 'REJECTED',
      },
    ])
  })

  test('timed_out has an underscore, and every attempt is told', () => {
    const cloud = rehearse({
      timeoutConfig: { inProgressTimeoutInMinutes: 1 },
      jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'ALL', numberOfRetries: 2 }] },
    })
    report(cloud, 'a', 'FAILED')
    report(cloud, 'a', 'IN_PROGRESS')
    cloud.clock.run(60_000)
    expect(topics(cloud)).toEqual(['jobExecution/j/failed', 'jobExecution/j/timed_out'])
  })

  test('canceled, deleted with the status of before, and removed', () => {
    const cloud = rehearse({ targetSelection: 'CONTINUOUS' })
    cloud.iot('CancelJobExecution', { thingName: 'a', jobId: 'j' })
    cloud.iot('DeleteJobExecution', { thingName: 'b', jobId: 'j', executionNumber: '1' })
    cloud.registry.leave('c', 'fleet')
    expect(told(cloud)).toMatchObject([
      { topic: 'jobExecution/j/canceled', status: 'CANCELED' },
      { topic: 'jobExecution/j/deleted', status: 'QUEUED', operation: 'deleted' },
      { topic: 'jobExecution/j/removed', status: 'REMOVED' },
    ])
  })
})

describe('events of jobs', () => {
  test('completed, with times in milliseconds and the counters of what has ended', () => {
    const cloud = rehearse()
    report(cloud, 'a', 'SUCCEEDED')
    report(cloud, 'b', 'SUCCEEDED')
    report(cloud, 'c', 'FAILED')
    expect(told(cloud).at(-1)).toEqual({
      topic: 'job/j/completed',
      operation: 'completed',
      jobId: 'j',
      status: 'COMPLETED',
      targetSelection: 'SNAPSHOT',
      targets: [cloud.targetArn('fleet')],
      description: 'to 2.0',
      completedAt: START_MS + 1000,
      createdAt: START_MS,
      lastUpdatedAt: START_MS + 1000,
      jobProcessDetails: {
        numberOfCanceledThings: 0,
        numberOfSucceededThings: 2,
        numberOfFailedThings: 1,
        numberOfRejectedThings: 0,
        numberOfRemovedThings: 0,
      },
    })
  })

  test('row 72: canceled in two steps, with the executions in between', () => {
    const cloud = rehearse()
    cloud.iot('CancelJob', { jobId: 'j' }, { body: { comment: 'stop' } })
    const events = told(cloud)
    expect(events.map(({ topic }) => topic)).toEqual([
      'job/j/cancellation_in_progress',
      ...Array.from({ length: 3 }, () => 'jobExecution/j/canceled'),
      'job/j/canceled',
    ])
    expect(events[0]).toMatchObject({ status: 'CANCELLATION_IN_PROGRESS', comment: 'stop' })
    expect(events[4]).toMatchObject({ status: 'CANCELED', comment: 'stop' })
    expect(events[4]).not.toHaveProperty('completedAt')
  })

  test('an abort is a cancellation', () => {
    const cloud = rehearse({
      abortConfig: { criteriaList: [{ failureType: 'FAILED', action: 'CANCEL', thresholdPercentage: 50, minNumberOfExecutedThings: 1 }] },
    })
    report(cloud, 'a', 'FAILED')
    expect(topics(cloud)).toEqual([
      'jobExecution/j/failed',
      'job/j/cancellation_in_progress',
      'jobExecution/j/canceled',
      'jobExecution/j/canceled',
      'job/j/canceled',
    ])
  })

  test('deleted in two steps', () => {
    const cloud = rehearse()
    cloud.iot('DeleteJob', { jobId: 'j' }, FORCE)
    const events = told(cloud)
    expect(events.map(({ topic }) => topic)).toEqual([
      'job/j/deletion_in_progress',
      ...Array.from({ length: 3 }, () => 'jobExecution/j/deleted'),
      'job/j/deleted',
    ])
    expect(events[0]).toMatchObject({ status: 'DELETION_IN_PROGRESS' })
    expect(events[4]).toMatchObject({ status: 'DELETED' })
  })
})

test('nothing is told while events are off', () => {
  const cloud = rehearse()
  cloud.events.isOn = false
  report(cloud, 'a', 'SUCCEEDED')
  cloud.iot('DeleteJob', { jobId: 'j' }, FORCE)
  expect(told(cloud)).toEqual([])
})
